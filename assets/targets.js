/* Targets: the sentence writes the address, the lasso picks rows, and the cells of its list. */
(function () {
  "use strict";
  const none = () => window.dash_clientside.no_update;
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const make = () => window.React.createElement;
  const MOST = 5000;

  function write(like, avoid, ref, tau, percent, kind, page) {
    if (!page) return none();
    const given = tau === "" || tau === null || tau === undefined ? null : Number(tau);
    window.keyholePicking.go("/targets", {
      like: window.keyholePicking.shortTerms(like),
      not: window.keyholePicking.shortTerms(avoid),
      ref: window.keyholePicking.shortTerms(ref),
      tau: given !== null && given !== page.usual ? given : null,
      pct: percent && percent !== "1" ? percent : null,
      kind: kind && kind !== "all" ? kind : null,
    });
    return none();
  }
  function pick(selected) {
    if (!selected || !selected.points) return [];
    return Array.from(new Set(selected.points.map((p) => p.customdata).filter(Number.isInteger))).slice(0, MOST);
  }
  function clear(clicks) {
    if (!clicks) return none();
    const plot = document.querySelector("#targets-scatter .js-plotly-plot");
    if (plot && window.Plotly) {
      window.Plotly.relayout(plot, { selections: [] });
      window.Plotly.restyle(plot, { selectedpoints: [null] });
    }
    return [];
  }

  cells.TargetName = function (props) {
    const e = make(), row = props.data, compound = row.kind === "compound";
    const style = "k-cell-link" + (!compound && !row.blinded ? " k-italic" : "") + (row.reliable ? "" : " k-inactive");
    const mark = row.blinded ? e("span", { className: "k-icon k-icon-lock", title: "blinded gene" }) : e("span", { className: "k-mark k-mark-" + row.kind });
    const at = compound && row.concentration !== null ? e("small", null, window.dashAgGridFunctions.keyhole.concentration(row.concentration) + " \u00b5M") : null;
    const why = row.reliable ? row.label : row.label + ": not distinguishable from controls, or toxic";
    return e("span", { className: "k-cell" }, mark, e("a", { href: row.href, "data-nav": "1", className: style, title: why }, row.label), at);
  };
  cells.ReferenceSwatch = function (props) {
    const e = make(), v = props.value;
    if (v === null || v === undefined) return "n/a";
    const share = Math.min(Math.abs(v) / (props.limit || 1), 1) * 100, tone = v < 0 ? "opposite" : "similar";
    const shade = "color-mix(in srgb, var(--k-" + tone + ") " + share.toFixed(0) + "%, var(--k-raised))";
    return e("span", { className: "k-swatched" }, e("i", { className: "k-swatch", style: { background: shade } }), props.data.itself ? "self" : window.dashAgGridFunctions.keyhole.number(v, 2));
  };
  cells.LinkWords = function (props) {
    const e = make(), row = props.data;
    const mark = row.link_tone === "weak" || row.link_tone === "arm" ? e("span", { className: "k-icon k-icon-caution" }) : null;
    return e("span", { className: "k-cell k-link-" + row.link_tone, title: row.link_why || props.value }, mark, e("span", { className: "k-cut" }, props.value));
  };
  cells.WindowBar = function (props) {
    const e = make(), row = props.data;
    if (row.kind === "gene") return e("span", { className: "k-muted" }, "knockout");
    if (row.lowest === null || !(row.highest > row.lowest)) return "n/a";
    const low = Math.log10(row.lowest), high = Math.log10(row.highest);
    const x = (c) => 3 + 84 * ((Math.log10(c) - low) / (high - low));
    const end = row.toxic_um === null ? 90 : x(row.toxic_um);
    const parts = [e("path", { key: "a", d: "M3 10H90", className: "k-window-line" })];
    if (row.effect_um !== null) parts.push(e("rect", { key: "w", x: x(row.effect_um), y: 6, width: Math.max(end - x(row.effect_um), 1), height: 8, className: "k-window-safe" }));
    if (row.toxic_um !== null) parts.push(e("rect", { key: "t", x: end, y: 6, width: Math.max(90 - end, 3), height: 8, className: "k-window-kill" }));
    if (row.concentration > 0) parts.push(e("circle", { key: "c", cx: x(row.concentration), cy: 10, r: 3.6, className: "k-window-at" }));
    return e("svg", { width: 94, height: 20, role: "img", "aria-label": props.value }, e("title", null, props.value), parts);
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    targets: { write: write, pick: pick, clear: clear, copyLink: (clicks) => window.keyholePicking.copyLink(clicks) },
  });
})();
