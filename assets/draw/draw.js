/* The editor's side of the frame: it hears a structure from the page around it, of the same site, and tells its own. */
(function () {
  "use strict";
  const LONGEST = 2000, BAR = 430;
  const here = window.location.origin;
  let editor = null;

  function tell(what) { window.parent.postMessage(what, here); }
  function size() {
    editor.setSize(window.innerWidth + "px", window.innerHeight + "px");
    editor.setMenuScale(Math.min(1, window.innerWidth / BAR));
  }
  function read(event) {
    const smiles = event.data && event.data.smiles;
    if (event.origin !== here || event.source !== window.parent || typeof smiles !== "string" || smiles.length > LONGEST) return;
    try {
      editor.readGenericMolecularInput(smiles);
    } catch (_) {
      tell({ unread: true });
    }
  }

  /* JSME calls this by name once it is loaded. */
  window.jsmeOnLoad = function () {
    editor = new window.JSApplet.JSME("editor", window.innerWidth + "px", window.innerHeight + "px", { options: "oldlook,star,query,nosearchinchikey" });
    editor.setCallBack("AfterStructureModified", (event) => tell({ smiles: event.src.smiles() }));
    size();
    window.addEventListener("resize", size);
    window.addEventListener("message", read);
    window.addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ close: true }); }, true);
    tell({ ready: true });
  };
})();
