/* The structure page: the form becomes the address, and the address draws the page. */
(function () {
  "use strict";
  const USUAL = 0.4;

  function search(_clicks, _submit, mode, least, smiles) {
    const here = new URL(window.location.href);
    const next = new URL("/structure", here);
    if (here.searchParams.get("map")) next.searchParams.set("map", here.searchParams.get("map"));
    if ((smiles || "").trim()) next.searchParams.set("smiles", smiles.trim());
    if (mode && mode !== "sim") next.searchParams.set("mode", mode);
    if (mode === "sim" && Number(least) !== USUAL) next.searchParams.set("t", String(least));
    if (next.search === here.search && here.pathname === "/structure") return window.dash_clientside.no_update;
    window.history.pushState({}, "", next.pathname + next.search);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate", {}));
    return window.dash_clientside.no_update;
  }

  function showView(view) {
    window.setTimeout(() => window.dispatchEvent(new Event("resize")), 0);
    return "k-views k-view-" + (["list", "grid", "quadrant"].includes(view) ? view : "list");
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    structure: { search: search, showView: showView },
  });
})();
