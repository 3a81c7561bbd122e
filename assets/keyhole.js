/* Small named functions for the browser: moving between pages, theme, keyboard, tables, saving. */
(function () {
  "use strict";
  const SCHEME = "data-mantine-color-scheme";
  const MINUS = "\u2212";
  const root = document.documentElement;

  function number(value, digits) {
    if (value === null || value === undefined || Number.isNaN(value)) return "n/a";
    const text = Number(value).toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text.replace("-", MINUS);
  }

  function q(value) {
    if (value === null || value === undefined) return "n/a";
    return value < 0.001 ? "<0.001" : number(value, value < 0.1 ? 3 : 2);
  }

  function concentration(value) {
    return value === null || value === undefined ? "n/a" : String(Number(Number(value).toPrecision(4)));
  }

  /* ---- pages ---- */
  function go(href) {
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate", {}));
    window.scrollTo(0, 0);
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-nav]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });

  function setView(changes) {
    const address = new URL(window.location.href);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") address.searchParams.delete(key);
      else address.searchParams.set(key, value);
    }
    window.history.replaceState(window.history.state, "", address);
  }

  function setChoice(key, value, usual) {
    if (value) setView({ [key]: value === usual ? null : value });
    return window.dash_clientside.no_update;
  }

  /* ---- a part of the page that could not be updated says so ---- */
  function tell(sentence) {
    let box = document.getElementById("k-alert");
    if (!box) {
      box = document.createElement("div");
      box.id = "k-alert";
      box.className = "k-notice k-alert";
      box.setAttribute("role", "alert");
      (document.getElementById("content") || document.body).prepend(box);
    }
    box.textContent = sentence + " Reload the page to try again.";
  }
  const fetched = window.fetch;
  window.fetch = function (resource, options) {
    const callback = String(resource.url || resource).includes("/_dash-update-component");
    return fetched.call(window, resource, options).then(
      function (answer) {
        if (callback && !answer.ok) answer.clone().text().then((text) => tell("A part of this page could not be updated: " + text.trim() + "."));
        return answer;
      },
      function (error) {
        if (callback && error.name !== "AbortError") tell("Keyhole does not answer: the server was stopped, or the network is gone.");
        throw error;
      }
    );
  };

  /* ---- theme ---- */
  function stored() {
    try { return window.localStorage.getItem("keyhole-theme"); } catch (e) { return null; }
  }
  function preferred() {
    return stored() || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  }
  root.setAttribute(SCHEME, preferred());
  root.setAttribute("lang", "en");

  /* ---- search: a combobox with its list ---- */
  function parts(box) {
    return { input: box.querySelector("input"), list: box.querySelector(".k-results"), items: Array.from(box.querySelectorAll(".k-result")) };
  }
  function describe(box) {
    const { input, list, items } = parts(box);
    if (!input || !list) return;
    const id = "list-" + (box.classList.contains("k-search-hero") ? "hero" : "head");
    list.id = id;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-label", "Search this map");
    input.setAttribute("aria-controls", id);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", String(items.length > 0));
    if (items.length) {
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", "Suggestions");
    } else {
      list.removeAttribute("role");
      list.removeAttribute("aria-label");
    }
    items.forEach((item, i) => { item.id = id + "-" + i; item.setAttribute("role", "option"); item.tabIndex = -1; item.setAttribute("aria-selected", "false"); });
    if (items.length) mark(box, 0);
    else input.removeAttribute("aria-activedescendant");
  }
  function mark(box, index) {
    const { input, items } = parts(box);
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    input.setAttribute("aria-activedescendant", items[index].id);
    items[index].scrollIntoView({ block: "nearest" });
  }
  function chosen(items) { return items.findIndex((item) => item.getAttribute("aria-selected") === "true"); }
  function closeSearch(box) { box.classList.remove("k-open"); }

  new MutationObserver(function (changes) {
    for (const change of changes) {
      const box = change.target.closest && change.target.closest(".k-search");
      if (box) { describe(box); box.classList.toggle("k-open", box.contains(document.activeElement) && box.querySelector(".k-results").childElementCount > 0); }
      for (const node of change.addedNodes) {
        if (node.querySelectorAll) node.querySelectorAll(".k-search").forEach(describe);
      }
    }
  }).observe(document.body || root, { childList: true, subtree: true });

  document.addEventListener("focusin", function (event) {
    document.querySelectorAll(".k-search").forEach(function (box) {
      if (!box.contains(event.target)) closeSearch(box);
      else if (event.target.tagName === "INPUT" && parts(box).list.childElementCount) box.classList.add("k-open");
    });
  });
  document.addEventListener("mousedown", function (event) {
    document.querySelectorAll(".k-search").forEach((box) => { if (!box.contains(event.target)) closeSearch(box); });
  });
  document.addEventListener("click", function (event) {
    const item = event.target.closest(".k-result");
    if (item) leave(item.closest(".k-search"));
  });
  function leave(box) {
    closeSearch(box);
    parts(box).input.blur();
  }

  document.addEventListener("keydown", function (event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) {
      const inputs = Array.from(document.querySelectorAll(".k-search input")).filter((i) => i.offsetParent !== null);
      if (inputs.length) { event.preventDefault(); const best = document.querySelector(".k-search-hero input") || inputs[0]; best.focus(); best.select(); }
      return;
    }
    const box = event.target.closest && event.target.closest(".k-search");
    if (!box) return;
    const { items } = parts(box);
    const at = chosen(items);
    if (event.key === "Escape") { leave(box); }
    else if (!items.length) return;
    else if (event.key === "ArrowDown") { event.preventDefault(); box.classList.add("k-open"); mark(box, (at + 1) % items.length); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(box, (at - 1 + items.length) % items.length); }
    else if (event.key === "Enter") { event.preventDefault(); items[Math.max(at, 0)].click(); }
  });

  /* ---- saving ---- */
  function cell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    let text = Array.isArray(value) ? value.join(" ") : String(value);
    if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function save(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = name.replace(/[^\w.@+-]+/g, "-") + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  function saveCsv(clicks, rows, columns, stem, head) {
    if (!clicks || !rows) return window.dash_clientside.no_update;
    const kept = columns.filter((c) => c.field !== "bar");
    const lines = head.split("\n").map((line) => "# " + line);
    lines.push(kept.map((c) => cell(c.field)).join(","));
    for (const row of rows) lines.push(kept.map((c) => cell(row[c.field])).join(","));
    save(stem, lines.join("\r\n") + "\r\n");
    return String(clicks);
  }

  /* ---- tables: cells ---- */
  const make = () => window.React.createElement;
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  window.dashAgGridFunctions = window.dashAgGridFunctions || {};
  window.dashAgGridFunctions.keyhole = { number: number, concentration: concentration, q: q };

  cells.EntityLink = function (props) {
    const e = make(), row = props.data, kind = props.kind || row.kind;
    const unreliable = row.active === false || row.reliable === false;
    const style = "k-cell-link" + (kind === "gene" && !row.blinded ? " k-italic" : "") + (unreliable ? " k-inactive" : "");
    const mark = row.blinded ? e("span", { className: "k-icon k-icon-lock", title: "blinded gene" }) : kind === "compound" ? e("span", { className: "k-mark k-mark-compound" }) : null;
    const tag = row.tag ? e("span", { className: "k-badge k-badge-" + row.tag }, row.tag) : null;
    return e("span", { className: "k-cell" }, mark, e("a", { href: row.href, "data-nav": "1", className: style, title: unreliable ? row.label + ": not distinguishable from controls, or toxic" : row.label }, row.label), tag);
  };
  cells.CosineBar = function (props) {
    const e = make(), s = props.data.cosine, side = s < 0 ? "opposite" : "similar";
    const width = Math.min(Math.abs(s), 1) * 50;
    const hatch = props.data.same_arm ? " k-hatched" : "";
    return e("span", { className: "k-bar", title: side + " " + number(s, 2) }, e("span", { className: "k-bar-" + side + hatch, style: { width: width + "%", left: (s < 0 ? 50 - width : 50) + "%" } }));
  };
  cells.Sparkline = function (props) {
    const e = make(), values = props.value;
    if (!values || values.length < 2) return null;
    const w = 84, h = 22, full = 0.7; /* every row on one scale, clipped at 0.7 */
    const x = (i) => 3 + (i * (w - 6)) / (values.length - 1), y = (v) => h / 2 - (Math.max(-full, Math.min(full, v)) / full) * (h / 2 - 3);
    const line = values.map((v, i) => (i ? "L" : "M") + x(i).toFixed(1) + " " + y(v).toFixed(1)).join("");
    const at = props.data.at;
    const dot = at >= 0 && at < values.length ? e("circle", { cx: x(at), cy: y(values[at]), r: 2.6, className: "k-spark-dot" }) : null;
    return e("svg", { width: w, height: h, role: "img", "aria-label": "similarity by concentration: " + values.map((v) => number(v, 2)).join(", ") }, e("path", { d: "M3 " + h / 2 + "H" + (w - 3), className: "k-spark-zero" }), e("path", { d: line, className: "k-spark" }), dot);
  };
  cells.Arm = function (props) {
    const e = make();
    if (!props.value) return props.data.blinded ? e("span", { className: "k-muted" }, "hidden") : null;
    return props.data.same_arm ? e("span", { className: "k-badge k-badge-caution", title: "same chromosome arm: a cut there can mimic similarity" }, e("span", { className: "k-icon k-icon-caution" }), props.value) : props.value;
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    keyhole: {
      saveCsv: saveCsv,
      savePlotted: (clicks, rows, stem, head) => saveCsv(clicks, rows && rows.length ? rows : null, Object.keys((rows && rows[0]) || {}).map((field) => ({ field: field })), stem, head),
      startTheme: function () { return preferred(); },
      toggleTheme: function (clicks) {
        const next = root.getAttribute(SCHEME) === "dark" ? "light" : "dark";
        if (!clicks) return preferred();
        try { window.localStorage.setItem("keyhole-theme", next); } catch (e) { /* private mode: the choice lasts for this page */ }
        return next;
      },
      applyTheme: function (theme) { return theme; },
      writeConcentration: function (perturbation) {
        if (perturbation && perturbation.includes("@")) setView({ c: perturbation.split("@").pop() });
        return window.dash_clientside.no_update;
      },
      writeSign: (sign) => setChoice("sign", sign, "similar"),
      writeCompounds: (view) => setChoice("view", view, "list"),
      writeTab: (tab) => setChoice("tab", tab, "edges"),
      writeGenes: function (genes) {
        if (genes) setView({ g: genes.join(",") });
        return window.dash_clientside.no_update;
      },
    },
  });
})();
