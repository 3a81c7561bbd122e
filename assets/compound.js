/* Cells of the compound page: the link of a gene to the targets, and its rank below the toxic concentration. */
(function () {
  "use strict";
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const TONES = { target: "target", "new": "new", known: "known", "co-listed, weak": "weak" };

  cells.LinkToTarget = function (props) {
    const e = window.React.createElement, row = props.data, link = props.value;
    if (!link) return null;
    const size = row.size ? " " + row.size : "";
    const title = row.evidence || (row.sources ? link + ": " + row.sources : link);
    const tone = TONES[link];
    const short = link === "no relationships loaded" ? "not loaded" : link;
    if (!tone) return e("span", { className: "k-muted", title: title }, short);
    const text = link === "co-listed, weak" ? "co-listed" + size : link;
    return e("span", { className: "k-badge k-badge-" + tone, title: title }, text);
  };

  cells.SafeRank = function (props) {
    const row = props.data, f = window.dashAgGridFunctions.keyhole;
    if (props.value === null || props.value === undefined) return "n/a";
    const title = "score " + f.number(row.safe_score, 1) + ", similarity " + f.number(row.safe_cosine, 2);
    return window.React.createElement("span", { title: title }, String(props.value));
  };
})();
