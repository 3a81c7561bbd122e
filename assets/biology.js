/* Cells of what is known: the link between two genes, and links to gene sets. */
(function () {
  "use strict";
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const TONE = { known: "plain-known", new: "new", "none; arm?": "weak", "cannot tell": "weak" };

  cells.GeneLink = function (props) {
    const e = window.React.createElement, value = props.value;
    if (!value) return null;
    const why = props.data.evidence || "";
    if (value === "none") return e("span", { className: "k-muted", title: why }, "none");
    const tone = value.startsWith("co-listed") ? "weak" : TONE[value] || "weak";
    return e("span", { className: "k-badge k-link-" + tone, title: why }, value === "new" ? "\u25c6 new" : value);
  };

  cells.SetLink = function (props) {
    const e = window.React.createElement, row = props.data;
    const also = row.redundant_with ? row.name + "; as well: " + row.redundant_with : row.name;
    return e("a", { href: row.href, "data-nav": "1", className: "k-cell-link", title: also }, row.name);
  };
})();
