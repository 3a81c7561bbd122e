/* A page that is drawn anew by its own controls takes away neither the focus nor what is typed meanwhile. */
(function () {
  "use strict";
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  let path = window.location.pathname, field = null, typed = null, waiting = false;

  const within = (node) => node instanceof HTMLInputElement && node.id && node.closest("#content");
  document.addEventListener("focusin", function (event) {
    if (waiting && !field.isConnected) return;
    field = within(event.target) ? event.target : null;
    typed = null;
    waiting = waiting && field !== null;
  });
  document.addEventListener("input", function (event) {
    if (event.isTrusted && event.target === field) typed = field.value;
  });
  window.addEventListener("_dashprivate_pushstate", function () {
    waiting = window.location.pathname === path && field !== null;
    path = window.location.pathname;
    typed = null;
  });
  window.addEventListener("popstate", function () { waiting = false; path = window.location.pathname; });

  function giveBack() {
    if (!waiting || field.isConnected) return;
    const anew = document.getElementById(field.id);
    if (!within(anew)) return;
    const text = typed;
    waiting = false;
    if (document.activeElement === document.body) anew.focus();
    if (text === null || text === anew.value) return;
    set.call(anew, text);
    anew.dispatchEvent(new Event("input", { bubbles: true }));
  }
  new MutationObserver(giveBack).observe(document.documentElement, { childList: true, subtree: true });
})();
