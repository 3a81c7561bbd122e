/* Representations: the picker writes the address; the one chosen last takes the place of the one before. */
(function () {
  "use strict";
  function write(chosen) {
    if (chosen && chosen.length) {
      const entity = chosen[chosen.length - 1].replace(/@[^@]*$/, "");
      const now = new URL(window.location.href).searchParams.get("e");
      if (chosen.length > 1 || now !== entity) window.keyholePicking.go("/representations", { e: entity });
    }
    return window.dash_clientside.no_update;
  }
  window.dash_clientside = Object.assign({}, window.dash_clientside, { representations: { write: write } });
})();
