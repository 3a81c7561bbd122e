/* The structure page: the form becomes the address, and the address draws the page. */
(function () {
  "use strict";
  const USUAL = 0.4;

  function search(_clicks, _submit, mode, least, smiles) {
    const here = new URL(window.location.href);
    const next = new URL("/structure", here);
    if (here.searchParams.get("map")) next.searchParams.set("map", here.searchParams.get("map"));
    const asked = window.dash_clientside.callback_context.triggered.some((t) => /n_clicks|n_submit/.test(t.prop_id));
    if (asked || (smiles || "").trim()) next.searchParams.set("smiles", (smiles || "").trim());
    if (mode && mode !== "sim") next.searchParams.set("mode", mode);
    if (mode === "sim" && Number(least) !== USUAL) next.searchParams.set("t", String(least));
    const same = next.search === here.search && here.pathname === "/structure";
    /* With nothing typed there is nothing to find: a page drawn anew would only take away what is typed meanwhile. */
    if (!same && !next.searchParams.has("smiles") && !here.searchParams.has("smiles")) {
      window.history.replaceState(window.history.state, "", next.pathname + next.search);
    } else if (!same) {
      window.history.pushState({}, "", next.pathname + next.search);
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate", {}));
    }
    return [window.dash_clientside.no_update, mode !== "sim", Number(least).toFixed(2)];
  }

  function showView(view) {
    window.setTimeout(() => window.dispatchEvent(new Event("resize")), 0);
    return "k-views k-view-" + (["list", "grid", "quadrant"].includes(view) ? view : "list");
  }

  /* ---- the drawing editor: a frame of this site, which speaks by messages only ---- */
  const LONGEST = 2000;
  const none = () => window.dash_clientside.no_update;
  const part = (name) => document.getElementById("structure-" + name);
  let typed = "", drawn = "";

  function show(open) {
    part("editor").hidden = !open;
    part("draw").setAttribute("aria-expanded", String(open));
  }
  function say(smiles) {
    drawn = smiles;
    part("drawn").textContent = smiles || "Nothing is drawn yet.";
    part("use").disabled = !smiles;
  }
  function hand() {
    if (typed) part("frame").contentWindow.postMessage({ smiles: typed }, window.location.origin);
  }
  function toggleEditor(clicks, smiles) {
    if (!clicks) return none();
    if (!part("editor").hidden) return closeEditor(clicks);
    typed = (smiles || "").trim();
    show(true);
    if (part("frame").getAttribute("src")) {
      hand();
    } else {
      say("");
      part("frame").setAttribute("src", "/draw");
    }
    part("frame").focus();
    return none();
  }
  function closeEditor(clicks) {
    if (!clicks) return none();
    show(false);
    part("draw").focus();
    return none();
  }
  function useDrawn(clicks, mode, least) {
    if (!clicks || !drawn) return none();
    const smiles = drawn;
    show(false);
    part("smiles").focus();
    search(clicks, null, mode, least, smiles);
    return smiles;
  }
  window.addEventListener("message", function (event) {
    const frame = part("frame"), told = event.data;
    if (!frame || event.origin !== window.location.origin || event.source !== frame.contentWindow || !told) return;
    if (told.ready === true) hand();
    else if (told.close === true) closeEditor(true);
    else if (told.unread === true) part("drawn").textContent = "The editor cannot read what is typed; draw it anew.";
    else if (typeof told.smiles === "string" && told.smiles.length <= LONGEST) say(told.smiles);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && part("editor") && !part("editor").hidden) closeEditor(true);
  });

  /* ---- the first three hits that are ticked, else the first three of all, go to Compare ---- */
  const MOST = 3;

  function compare(picked, hits) {
    const ticked = (picked || []).length > 0, chosen = (ticked ? picked : hits || []).slice(0, MOST);
    const next = new URL("/compare", window.location.href), map = new URL(window.location.href).searchParams.get("map");
    if (map) next.searchParams.set("map", map);
    next.searchParams.set("e", chosen.map((row) => "compound:" + row.slug).join(","));
    const address = next.pathname + next.search.replace(/%2C/g, ",").replace(/%3A/g, ":");
    if (chosen.length < 2) return [address, "", "k-button k-gone"];
    const more = ticked && picked.length > MOST ? " first " + MOST + " ticked" : ticked ? " " + chosen.length + " ticked" : " first " + chosen.length;
    return [address, "Compare the" + more, "k-button"];
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    structure: { search: search, showView: showView, toggleEditor: toggleEditor, closeEditor: closeEditor, useDrawn: useDrawn, compare: compare },
  });
})();
