/* Pickers of genes and compounds: what the server offers is shown as it is, and chips of compounds are upright. */
(function () {
  "use strict";
  const mantine = (window.dashMantineFunctions = window.dashMantineFunctions || {});
  mantine.keepAll = function (asked) { return asked.options; };

  function dress(token) {
    token.querySelectorAll(".mantine-Pill-root").forEach(function (pill) {
      const name = pill.textContent.replace("\u2212", "").trim();
      pill.classList.toggle("k-pill-compound", name.startsWith("\u25c6"));
      pill.classList.toggle("k-pill-blinded", name.startsWith("\u25cb"));
    });
  }
  new MutationObserver(function (changes) {
    const seen = new Set();
    for (const change of changes) {
      const near = change.target.closest && change.target.closest(".k-token");
      if (near) seen.add(near);
      for (const node of change.addedNodes) if (node.querySelectorAll) node.querySelectorAll(".k-token").forEach((t) => seen.add(t));
    }
    seen.forEach(dress);
  }).observe(document.documentElement, { childList: true, subtree: true });

  /* ---- the address is the state: one writer, and the back button works ---- */
  function go(path, view) {
    const now = new URL(window.location.href);
    const next = new URL(now.origin + path);
    if (now.searchParams.get("map")) next.searchParams.set("map", now.searchParams.get("map"));
    for (const [key, value] of Object.entries(view)) if (value !== null && value !== undefined && value !== "") next.searchParams.set(key, value);
    const written = next.pathname + next.search.replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%40/g, "@");
    if (decodeURIComponent(next.search) === decodeURIComponent(now.search.replace(/\+/g, " ")) && next.pathname === now.pathname) return;
    window.history.pushState({}, "", written);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate", {}));
  }
  function shortTerms(terms) { return (terms || []).map((t) => t.replace("gene:", "")).join(","); }
  function copyLink(clicks) {
    if (!clicks) return window.dash_clientside.no_update;
    const link = new URL(window.location.href);
    link.searchParams.set("v", "1");
    link.searchParams.set("build", document.querySelector(".k-footer").dataset.build);
    const text = link.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%40/g, "@");
    if (navigator.clipboard) navigator.clipboard.writeText(text).catch(() => undefined);
    return "Copied";
  }
  window.keyholePicking = { go: go, shortTerms: shortTerms, copyLink: copyLink };
})();
