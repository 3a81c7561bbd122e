/* Compare: the picker writes the address, and cells are coloured by their cosine. */
(function () {
  "use strict";
  const none = () => window.dash_clientside.no_update;
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});

  function view() { return Object.fromEntries(new URL(window.location.href).searchParams); }
  function write(chosen, kind, page) {
    if (!page || !chosen) return none();
    const now = view();
    const usual = !now.of && kind === page.kind ? null : kind;
    window.keyholePicking.go("/compare", { e: chosen.join(","), of: usual, g: now.g, maps: now.maps });
    return none();
  }
  function writeAgainst(against) {
    if (!against) return none();
    const next = new URL(window.location.href);
    next.searchParams.set("g", against);
    window.history.replaceState(window.history.state, "", next.pathname + next.search.replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%40/g, "@"));
    return none();
  }
  cells.CompareCell = function (props) {
    const e = window.React.createElement, v = props.value;
    if (v === null || v === undefined) return "n/a";
    const share = Math.min(Math.abs(v) / 0.7, 1) * 62;
    const shade = "color-mix(in srgb, var(--k-" + (v < 0 ? "opposite" : "similar") + ") " + share.toFixed(0) + "%, transparent)";
    const near = props.data[props.near];
    return e("span", { className: "k-compare-cell" + (near ? " k-near" : ""), title: near ? "a near neighbour" : "" }, e("i", { className: "k-swatch", style: { background: shade } }), window.dashAgGridFunctions.keyhole.number(v, 2));
  };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    compare: { write: write, writeAgainst: writeAgainst, copyLink: (clicks) => window.keyholePicking.copyLink(clicks) },
  });
})();
