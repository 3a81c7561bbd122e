/* The network page in the browser: the one writer of its address, hover, selection, find, and files. */
(function () {
  "use strict";
  const QUIET = "k-quiet", OVER = "k-over", CHOSEN = "k-chosen";
  const PCT = { loose: "5", default: null, strict: "0.1" };
  const MOST = 150; /* edges, unless asked otherwise */
  const byId = (id) => document.getElementById(id);
  const none = () => window.dash_clientside.no_update;
  let bound = null, fitted = "", sought = "";

  function canvas() {
    const box = byId("network-canvas");
    return box && box._cyreg ? box._cyreg.cy : null;
  }

  /* ---- state: controls to the view, and the view to the address ---- */
  function near(a, b) { return a && b && Math.abs(a[0] - b[0]) < 0.011 && Math.abs(a[1] - b[1]) < 0.011; }
  function write(view) {
    const address = new URL(window.location.href);
    const kept = ["map", "tab"].map((key) => [key, address.searchParams.get(key)]).filter(([, value]) => value);
    address.search = "";
    for (const [key, value] of kept) address.searchParams.set(key, value);
    for (const [key, value] of Object.entries(view)) if (key !== "map" && value) address.searchParams.set(key, value);
    address.search = address.search.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%40", "@");
    window.history.replaceState(window.history.state, "", address);
  }
  function put(view, key, value) {
    if (value === null || value === undefined || value === "") delete view[key];
    else view[key] = value;
  }
  function compose(rule, cut, sign, known, arm, cpd, lay, most, plus, numbers, chosen, before) {
    const triggered = window.dash_clientside.callback_context.triggered.map((t) => t.prop_id.split(".")[0]);
    const view = Object.assign({}, before);
    let nextRule = none(), nextCut = none();
    if (!numbers) return [none(), nextRule, nextCut];
    const reach = (pair) => pair.map((c) => Math.round(c * 100) / 100);
    if (triggered.includes("network-rule") && rule && rule !== "custom") {
      delete view.cut; delete view.pct; delete view.rule;
      if (rule === "q" || rule === "cosine") view.rule = rule;
      else put(view, "pct", PCT[rule]);
      if (numbers.cuts[rule]) nextCut = reach(numbers.cuts[rule]);
    } else if (triggered.includes("network-cut") && cut && !near(cut, numbers.cut)) {
      delete view.pct; delete view.rule;
      view.cut = cut.map((c) => c.toFixed(2)).join(",");
      nextRule = "custom";
    } else if (triggered.includes("network-numbers")) {
      const shown = reach(numbers.cut);
      return [none(), rule === numbers.rule ? none() : numbers.rule, near(shown, cut) ? none() : shown];
    }
    const signs = sign || [];
    const similar = signs.includes("similar"), opposite = signs.includes("opposite");
    put(view, "sign", similar === opposite ? null : similar ? "similar" : "opposite");
    if (byId("network-n-dots")) put(view, "dots", signs.includes("dots") ? null : "0");
    put(view, "known", known === "both" ? null : known);
    put(view, "arm", arm === "dim" ? null : arm);
    if (Number.isInteger(most) && most > 0) put(view, "most", most === MOST ? null : String(most));
    put(view, "lay", lay === "circle" ? null : lay);
    put(view, "cpd", (cpd || []).length ? view.cpd || "10" : null);
    if (triggered.includes("network-plus") && plus) {
      const asked = (chosen || []).slice(0, 3);
      const had = view.plus ? view.plus.split(",") : [];
      view.plus = had.concat(asked.length ? asked : ["set"]).slice(0, 10).join(",");
    }
    if (JSON.stringify(view) === JSON.stringify(before)) return [none(), nextRule, nextCut];
    write(view);
    return [view, nextRule, nextCut];
  }

  /* ---- canvas: hover reads, click selects, double-click opens, shift or lasso adds, Esc clears ---- */
  function line(parent, tag, text, style) {
    const e = document.createElement(tag);
    e.textContent = text;
    if (style) e.className = style;
    parent.appendChild(e);
    return e;
  }
  function card(data, kept) {
    const box = byId("network-card");
    if (!box) return;
    box.replaceChildren();
    box.classList.toggle("k-kept", Boolean(kept));
    if (!data) { box.classList.remove("k-open"); return; }
    box.classList.add("k-open");
    const head = line(box, "div", "", "k-net-card-head");
    line(head, data.italic === false ? "b" : "em", data.title);
    if (data.said) line(head, "span", data.said, "k-net-said-" + data.said.split(",")[0]);
    const list = line(box, "dl", "");
    for (const [name, value] of data.rows || []) { line(list, "dt", name); line(list, "dd", value); }
    if (data.href) { const a = line(box, "a", "Open its page"); a.href = data.href; a.setAttribute("data-nav", "1"); }
    window.keyholeRoom.corner(canvas(), box);
  }
  function open(href) {
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate", {}));
    window.scrollTo(0, 0);
  }
  function real(element) { return ["gene", "compound", "pair"].includes(element.data("kind")); }
  function around(element) { return element.isEdge() ? element.union(element.connectedNodes()) : element.closedNeighborhood().filter((e) => e.data("kind") !== "spoke" && e.id() !== "centre"); }
  function emphasise(cy, elements) {
    cy.batch(function () {
      cy.elements().removeClass(QUIET + " " + OVER);
      if (!elements.length) return;
      cy.edges().not(elements).addClass(QUIET);
      elements.filter((e) => e.isEdge() || elements.length <= 3).addClass(OVER);
    });
  }
  function rest(cy) {
    const selected = cy.$(":selected").filter(real);
    const kept = cy.collection().union(selected.map(around).reduce((all, c) => all.union(c), cy.collection()));
    emphasise(cy, kept);
    cy.batch(function () { cy.elements().removeClass(CHOSEN); selected.addClass(CHOSEN); selected.removeClass(OVER); });
    card(selected.length === 1 ? selected[0].data() : null, true);
  }
  function tell(cy) {
    const slugs = cy.$("node:selected").filter((n) => n.data("kind") === "gene").map((n) => n.data("slug"));
    window.dash_clientside.set_props("network-chosen", { data: slugs });
    const address = new URL(window.location.href);
    if (slugs.length) address.searchParams.set("hi", slugs.join(","));
    else address.searchParams.delete("hi");
    address.search = address.search.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%40", "@");
    window.history.replaceState(window.history.state, "", address);
  }
  function listen(cy) {
    let waiting = null;
    cy.on("mouseover", "node, edge", function (event) {
      if (!real(event.target)) return;
      emphasise(cy, around(event.target));
      card(event.target.data(), false);
    });
    cy.on("mouseout", "node, edge", function () { rest(cy); });
    cy.on("select unselect", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { if (canvas() === cy) { rest(cy); tell(cy); } }, 30);
    });
    cy.on("dbltap", "node", function (event) { if (event.target.data("href")) open(event.target.data("href")); });
  }
  function fit(cy) {
    window.keyholeRoom.fit(cy, fitted.split(" ")[0]);
    window.keyholeRoom.corner(cy, byId("network-card"));
  }
  function bind(elements, numbers, chosen) {
    let tries = 0;
    (function attempt() {
      const cy = canvas();
      if (!cy || (elements.length && !cy.elements().length)) { if (++tries < 1200) setTimeout(attempt, 50); return; }
      if (bound !== cy) { bound = cy; fitted = ""; listen(cy); }
      if (numbers && fitted !== numbers.fit) { fitted = numbers.fit; requestAnimationFrame(() => fit(cy)); }
      cy.batch(() => (chosen || []).forEach((slug) => cy.getElementById("g:" + slug).select()));
      rest(cy);
      const box = byId("network-canvas");
      box.dataset.drawn = String(cy.elements().length);
    })();
    return none();
  }
  function find(text) {
    const cy = canvas();
    sought = (text || "").trim().toLowerCase();
    if (!cy) return none();
    cy.elements().unselect();
    if (!sought) return false;
    const hits = cy.nodes().filter((n) => real(n) && n.data("title").toLowerCase().includes(sought));
    const exact = hits.filter((n) => n.data("title").toLowerCase() === sought);
    (exact.length ? exact : hits).select();
    return hits.length ? false : "nothing here is called so";
  }

  /* ---- buttons and files ---- */
  function zoom(cy, factor) { cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }); }
  function clear() { const cy = canvas(); if (cy) cy.elements().unselect(); }
  const actions = {
    "network-fit": (cy) => fit(cy),
    "network-in": (cy) => zoom(cy, 1.3),
    "network-out": (cy) => zoom(cy, 1 / 1.3),
    "network-lasso": function (cy, button) {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      cy.userPanningEnabled(!on);
    },
  };
  function save(href, name) {
    const link = document.createElement("a");
    link.href = href;
    link.download = name;
    link.click();
  }
  function stem() { return (document.querySelector(".k-net h1") || { textContent: "network" }).textContent.replace(/[^\w.+-]+/g, "-"); }
  function copy(button) {
    const address = new URL(window.location.href);
    address.searchParams.set("v", "1");
    address.searchParams.set("build", document.querySelector(".k-footer").dataset.build);
    const text = address.href.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%40", "@");
    const said = (word) => { const was = button.textContent; button.textContent = word; setTimeout(() => { button.textContent = was; }, 1400); };
    button.dataset.copied = text;
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => said("Copied"), () => said("Not allowed"));
    else said("Not allowed");
  }
  document.addEventListener("click", function (event) {
    const at = event.target.closest && event.target.closest("button, a");
    if (!at) return;
    const cy = canvas();
    if (cy && actions[at.id]) actions[at.id](cy, at);
    else if (at.id === "network-copy") copy(at);
    else if (at.id === "network-draw") {
      const text = byId("network-paste").value.split(/[\s,;|]+/).filter(Boolean).join(",");
      const map = new URL(window.location.href).searchParams.get("map");
      if (text) open("/network?" + (map ? "map=" + encodeURIComponent(map) + "&" : "") + "genes=" + encodeURIComponent(text));
    } else if (at.id === "network-png" && cy) {
      event.preventDefault();
      const ground = getComputedStyle(document.documentElement).getPropertyValue("--k-surface").trim();
      save(cy.png({ full: true, scale: 2, bg: ground, maxWidth: 6000, maxHeight: 6000 }), stem() + ".png");
    } else if (at.hasAttribute("data-network-file")) {
      const theme = document.documentElement.getAttribute("data-mantine-color-scheme");
      const search = window.location.search || "?";
      at.setAttribute("href", "/export/network." + at.dataset.networkFile + search + "&theme=" + theme);
    } else if (at.classList.contains("k-net-loosen")) {
      const set = window.dash_clientside.set_props;
      if (at.textContent.startsWith("Loosen")) set("network-rule", { value: "loose" });
      else { set("network-sign", { value: ["similar", "opposite", "dots"] }); set("network-known", { value: "both" }); set("network-arm", { value: "dim" }); }
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && canvas() && !event.target.closest(".k-search")) clear();
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    network: {
      compose: compose,
      bind: bind,
      find: find,
      style: function (theme, styles) { return styles ? styles[theme === "dark" ? "dark" : "light"] : none(); },
      numbers: function (n) {
        if (!n) return Array(6).fill(none());
        const set = (id, text) => { const e = byId(id); if (e) e.textContent = text; };
        set("network-n-dots", n.dots); set("network-n-compounds", n.compounds); set("network-n-added", n.added);
        window.keyholeRoom.ends(n);
        return [n.similar, n.opposite, n.arm, n.candidates, n.low, n.high];
      },
    },
  });
})();
