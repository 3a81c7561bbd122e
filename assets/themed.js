/* Pictures in two themes: only what is shown, and near the window, is asked for; the other theme when it is switched to. */
(function () {
  "use strict";
  const NEAR = "300px";
  const near = new IntersectionObserver(function (entries) {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      entry.target.src = entry.target.dataset.src;
    }
  }, { rootMargin: NEAR });
  function watch(node) {
    if (node.matches && node.matches("img[data-src]")) near.observe(node);
    else if (node.querySelectorAll) node.querySelectorAll("img[data-src]").forEach((image) => near.observe(image));
  }
  new MutationObserver(function (changes) {
    for (const change of changes) {
      if (change.type === "attributes") { near.unobserve(change.target); watch(change.target); }
      else change.addedNodes.forEach(watch);
    }
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-src"] });
  watch(document.documentElement);
})();
