/* Saved lists: the only writer of their store, which stays in this browser; and the choices in the table of names. */
(function () {
  "use strict";
  const KEY = "lists-saved", VERSION = 1, MOST = 200, LONGEST = 2000;
  const same = () => window.dash_clientside.no_update;

  /* ---- what is stored: {v, lists: [{id, name, names, map, made}], before: the lists before the last change} ---- */
  function sound(list) {
    return list && typeof list.name === "string" && Array.isArray(list.names) && list.names.every((n) => typeof n === "string");
  }
  function stored() {
    let saved = null;
    try { saved = JSON.parse(window.localStorage.getItem(KEY)); } catch (e) { /* private mode, or not ours */ }
    const lists = saved && saved.v === VERSION && Array.isArray(saved.lists) ? saved.lists.filter(sound) : [];
    return { lists: lists, before: saved && Array.isArray(saved.before) ? saved.before.filter(sound) : null };
  }
  function made(name, names, map) {
    const id = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    return { id: id, name: name, names: Array.from(new Set(names)).slice(0, LONGEST), map: map, made: new Date().toISOString().slice(0, 10) };
  }
  function unique(name, lists) {
    const taken = new Set(lists.map((l) => l.name));
    let free = name, n = 1;
    while (taken.has(free)) free = name + " (" + ++n + ")";
    return free;
  }
  function count(n) { return n === 1 ? "1 name" : n.toLocaleString("en") + " names"; }

  /* ---- each action: (state, what the page knows) -> {lists, said, text} ---- */
  const actions = {
    save: function (lists, page) {
      const here = (page.rows || []).filter((r) => r.href && !r.repeat);
      if (!here.length) return { said: "Nothing to save: no name in the box is on this map." };
      const name = unique(String(page.name || "").trim().slice(0, 80) || "List of " + page.today, lists);
      const left = (page.rows || []).filter((r) => !r.href).length;
      const said = "Saved \u201c" + name + "\u201d: " + count(here.length) + "." + (left ? " " + left + " left out (ambiguous or absent)." : "");
      return { lists: lists.concat([made(name, here.map((r) => r.label), page.map)]), said: said };
    },
    union: (lists, page) => combined(lists, page, " or ", (sets) => [].concat(...sets)),
    intersect: (lists, page) => combined(lists, page, " and ", (sets) => sets[0].filter((n) => sets.every((s) => s.includes(n)))),
    subtract: (lists, page) => combined(lists, page, " without ", (sets) => sets[0].filter((n) => !sets.slice(1).some((s) => s.includes(n)))),
    delete: function (lists, page) {
      const gone = new Set(page.chosen.map((c) => c.id));
      if (!gone.size) return { said: "Tick the lists to delete." };
      return { lists: lists.filter((l) => !gone.has(l.id)), said: gone.size === 1 ? "Deleted \u201c" + page.chosen[0].name + "\u201d. Undo brings it back." : "Deleted " + gone.size + " lists. Undo brings them back." };
    },
    undo: function (lists, page) {
      return page.before ? { lists: page.before, said: "The last change is taken back." } : { said: "There is nothing to take back." };
    },
    export: function (lists) {
      if (!lists.length) return { said: "There is no list to export." };
      const lines = ["# Keyhole lists, version " + VERSION, "list,name,map,made"];
      for (const l of lists) for (const n of l.names) lines.push([l.name, n, l.map, l.made].map(cell).join(","));
      download("keyhole-lists.csv", lines.join("\r\n") + "\r\n");
      return { said: "Exported " + lists.length + (lists.length === 1 ? " list." : " lists.") };
    },
  };
  function combined(lists, page, word, combine) {
    const chosen = lists.filter((l) => page.chosen.some((c) => c.id === l.id));
    if (chosen.length < 2) return { said: "Tick two lists to combine them." };
    const names = combine(chosen.map((l) => l.names));
    if (!names.length) return { said: "No name is left: nothing was saved." };
    const name = unique(chosen.map((l) => l.name).join(word).slice(0, 80), lists);
    const list = made(name, names, page.map);
    return { lists: lists.concat([list]), said: "Saved \u201c" + name + "\u201d: " + count(list.names.length) + "." };
  }
  function renamed(lists, change) {
    const event = Array.isArray(change) ? change[0] : change;
    const name = event && String(event.value || "").trim().slice(0, 80);
    const list = event && event.data && lists.find((l) => l.id === event.data.id);
    if (!list) return { said: "" };
    if (!name) return { lists: lists.slice(), said: "A list needs a name: it keeps \u201c" + list.name + "\u201d." };
    return { lists: lists.map((l) => (l.id === list.id ? Object.assign({}, l, { name: name }) : l)), said: "Renamed to \u201c" + name + "\u201d." };
  }
  function imported(lists, contents, map) {
    let text = "";
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(atob(contents.split(",")[1] || ""), (c) => c.charCodeAt(0)));
    } catch (e) { return { said: "This file is not UTF-8 text; save it as CSV in UTF-8." }; }
    text = text.replace(/^\ufeff/, "");
    const rows = table(text.split(/\r?\n/).filter((l) => !l.startsWith("#")).join("\n"));
    if (!rows.length || rows[0][0] !== "list" || rows[0][1] !== "name") return { text: text, said: "The names of the file are in the box." };
    const found = new Map();
    for (const [list, name] of rows.slice(1)) {
      if (!list || !name) continue;
      if (!found.has(list)) found.set(list, []);
      found.get(list).push(name);
    }
    let all = lists;
    for (const [name, names] of found) all = all.concat([made(unique(name.slice(0, 80), all), names, map)]);
    return { lists: all, said: "Imported " + found.size + (found.size === 1 ? " list." : " lists.") };
  }

  /* ---- CSV ---- */
  function cell(value) {
    let text = String(value);
    if (/^[=+\-@\t\r']/.test(text)) text = "'" + text; /* a spreadsheet must not take a name for a formula */
    return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function table(text) {
    const rows = [];
    let row = [], at = 0;
    const part = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/y;
    while (at < text.length) {
      part.lastIndex = at;
      const m = part.exec(text);
      if (!m) break;
      const value = m[1] === undefined ? m[2] : m[1].replace(/""/g, '"');
      row.push(value.startsWith("'") ? value.slice(1) : value);
      if (m[3] !== ",") { rows.push(row); row = []; }
      at = part.lastIndex;
    }
    return rows;
  }
  function download(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /* dcc.Upload gives its file input no name, and nobody sees it: its button is the control. */
  new MutationObserver(function () {
    const input = document.querySelector("#lists-import input[type=file]:not([aria-label])");
    if (!input) return;
    input.setAttribute("aria-label", "File of lists or names");
    input.tabIndex = -1;
  }).observe(document.documentElement, { childList: true, subtree: true });

  /* ---- callbacks ---- */
  function write(save, union, intersect, subtract, gone, undo, exported, change, contents, name, rows, chosen, map) {
    const context = window.dash_clientside.callback_context.triggered[0];
    if (!context || context.value === null || context.value === undefined) return [same(), same(), same()];
    const state = stored();
    const page = { name: name, rows: rows, chosen: chosen || [], map: map, before: state.before, today: new Date().toISOString().slice(0, 10) };
    const id = context.prop_id.replace(/\.[^.]*$/, "");
    const action = actions[id.replace(/^lists-/, "")];
    const done = action ? action(state.lists, page) : id === "lists-import" ? imported(state.lists, contents, map) : renamed(state.lists, change);
    const text = done.text === undefined ? same() : done.text;
    if (!done.lists) return [same(), done.said, text];
    if (done.lists.length > MOST) return [same(), "There is room for " + MOST + " lists; delete some first.", text];
    return [{ v: VERSION, lists: done.lists, before: id === "lists-undo" ? null : state.lists }, done.said, text];
  }
  function show(saved) {
    const lists = saved && saved.v === VERSION && Array.isArray(saved.lists) ? saved.lists.filter(sound) : [];
    return lists.map((l) => ({ id: l.id, name: l.name, n: l.names.length, map: l.map, made: l.made, names: l.names }));
  }

  /* ---- cells of the table of names ---- */
  const make = () => window.React.createElement;
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  cells.ListName = function (props) {
    const row = props.data;
    if (!row.href) return null;
    return cells.EntityLink(props);
  };
  cells.ListChoices = function (props) {
    const e = make(), row = props.data;
    if (!row.choices || row.kind === "phenotype" || row.kind === "set") return row.labels || null;
    const slugs = row.choices.split("|"), labels = row.labels.split("|");
    return e("span", { className: "k-cell" }, slugs.map((slug, i) =>
      e("button", { key: slug, type: "button", className: "k-choice", title: "Ask for " + labels[i] + " instead of " + row.asked, onClick: () => choose(props.api, row.asked, slug) }, labels[i])
    ));
  };
  function quoted(name) { return /[\s;,|"]/.test(name) ? '"' + name.replace(/"/g, '""') + '"' : name; }
  function choose(api, asked, slug) {
    const names = [];
    api.forEachNode((node) => names.push(quoted(node.data.asked === asked ? slug : node.data.asked)));
    window.dash_clientside.set_props("lists-text", { value: names.join("\n") });
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { lists: { write: write, show: show } });
})();
