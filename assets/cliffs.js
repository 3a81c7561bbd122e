/* Pairs of compounds: cells of their table. Both themes of a drawing are there; one shows. */
(function () {
  "use strict";
  const make = () => window.React.createElement;
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const written = (v, digits) => (v === null || v === undefined ? "n/a" : digits === 0 ? String(Math.round(v)) : String(Number(Number(v).toPrecision(4))));

  cells.PairEnd = function (props) {
    const e = make(), row = props.data, side = props.side, label = row["label_" + side], drawn = row["drawn_" + side];
    const image = (theme) => e("img", { key: theme, src: drawn + (drawn.includes("?") ? "&" : "?") + "theme=" + theme, alt: "Structure of " + label, className: "k-only-" + theme });
    return e("span", { className: "k-pair-end" },
      e("span", { className: "k-structure" }, image("light"), image("dark")),
      e("a", { href: row["href_" + side], "data-nav": "1", className: "k-cell-link", title: label }, label));
  };
  cells.PairChange = function (props) {
    const e = make();
    if (!props.value) return e("span", { className: "k-muted" }, props.data.tanimoto >= 0.5 ? "more than one group" : "another structure");
    const parts = String(props.value).split(">>");
    return parts.length < 2 ? e("span", null, parts[0] === "stereo" ? "stereo alone" : parts[0] + ", two names") : e("span", { className: "k-pair-change" }, e("code", null, parts[0]), e("span", { "aria-label": "becomes" }, "\u2192"), e("code", null, parts[1]));
  };
  cells.PairBoth = function (props) {
    const e = make(), of = props.of, row = props.data, digits = of === "n" ? 0 : 4;
    return e("span", { className: "k-pair-both" }, e("span", null, written(row[of + "_a"], digits)), e("span", null, written(row[of + "_b"], digits)));
  };
  cells.PairClass = function (props) {
    const e = make();
    return e("span", { className: "k-pair-both" }, e("span", null, props.value), e("a", { href: props.data.compare, "data-nav": "1", className: "k-cell-link" }, "compare"));
  };
})();
