/* Plotly takes a second to read. Graphs ask for it; a visitor who rests before the first one has it by then. */
(function () {
  "use strict";
  const QUIET = 3000, SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"];
  let timer = null;

  function read() {
    SIGNS.forEach((sign) => window.removeEventListener(sign, rest, true));
    if (window.Plotly || document.querySelector("script[src$='/plotly.min.js']")) return;
    const script = document.createElement("script");
    script.src = window._dashPlotlyJSURL;
    document.body.appendChild(script);
  }
  function rest() {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (window.requestIdleCallback || window.setTimeout)(read), QUIET);
  }
  SIGNS.forEach((sign) => window.addEventListener(sign, rest, { capture: true, passive: true }));
  window.addEventListener("load", rest);
})();
