/* A list that is pasted into the search box keeps its lines, and "?" shows the keys. */
(function () {
  "use strict";
  const KEYS = [
    ["Ctrl K or /", "search a gene, compound, disease, set, id or structure"],
    ["paste", "a column or row of names into the search box: open it as a network or a list"],
    ["\u2191 \u2193 Enter", "choose a suggestion"],
    ["Esc", "close the suggestions, a dialog or a selection"],
    ["?", "this list of keys"],
  ];

  /* An input has one line: the browser would join the lines of a column into one word. */
  document.addEventListener("paste", function (event) {
    const input = event.target.closest && event.target.closest(".k-search input");
    const text = input && event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!/[\r\n\t]/.test(text.trim())) return;
    event.preventDefault();
    const names = text.trim().split(/[\r\n\t]+/).map((n) => n.trim()).filter(Boolean).join("; ");
    const value = input.value.slice(0, input.selectionStart) + names + input.value.slice(input.selectionEnd);
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });

  /* dcc.Input puts the caret back a tick after each letter. On a busy machine the next letter has come by then and would
     be written before it, so the caret is left where the browser has it. */
  document.addEventListener("focusin", function (event) {
    if (event.target.closest(".k-search input")) event.target.setSelectionRange = function () {};
  });

  function dialog() {
    let box = document.getElementById("k-keys");
    if (box) return box;
    box = document.createElement("dialog");
    box.id = "k-keys";
    box.className = "k-keys";
    box.setAttribute("aria-labelledby", "k-keys-title");
    const title = document.createElement("h2");
    title.id = "k-keys-title";
    title.textContent = "Keys";
    const list = document.createElement("dl");
    for (const [key, what] of KEYS) {
      const term = document.createElement("dt"), said = document.createElement("dd");
      term.textContent = key;
      said.textContent = what;
      list.append(term, said);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "k-button";
    close.textContent = "Close";
    close.addEventListener("click", () => box.close());
    box.append(title, list, close);
    document.body.append(box);
    return box;
  }
  document.addEventListener("keydown", function (event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key !== "?" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!dialog().open) dialog().showModal();
  });
})();
