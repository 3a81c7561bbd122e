/* Saving a plot: the picture gets a title above, and below it the rule, the map, its build, the date and, where so, that it is simulated. */
(function () {
  "use strict";
  const EDGE = 12, LINE = 15, SCALE = 2;
  const text = (element) => (element ? element.textContent.trim().replace(/\s+/g, " ") : "");
  const escaped = (line) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const slug = (name) => name.replace(/[^\w.@+-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 120);

  /* What is said about a figure stands on the page already. */
  function about(box) {
    const tile = box.closest(".k-tile, section") || box, foot = document.querySelector(".k-footer");
    const named = box.querySelector(".k-figure-save").dataset.title;
    const heading = named || text(document.querySelector("#content h1")), name = named ? "" : text(tile.querySelector("h2"));
    const said = Array.from(tile.querySelectorAll(".k-says")).filter((p) => p.offsetParent !== null && !p.closest("[aria-hidden=true]")).map(text);
    const simulated = foot.querySelector(".k-simulated");
    const where = window.location.pathname + decodeURIComponent(window.location.search);
    const day = new Date().toISOString().slice(0, 10);
    return {
      title: Array.from(new Set([heading, name])).filter(Boolean).join(" \u00b7 "),
      rules: Array.from(new Set(said)).filter(Boolean),
      source: ["Keyhole \u00b7 " + text(foot.querySelector(".k-facts")), where.slice(0, 300) + " \u00b7 " + day, foot.dataset.citation ? "Cite: " + foot.dataset.citation : ""].filter(Boolean),
      simulated: text(simulated),
      stem: [heading, name, foot.dataset.map, day].filter(Boolean).map(slug).join("_"),
    };
  }
  function wrapped(line, width, size) {
    const most = Math.max(Math.floor(width / (0.53 * size)), 20), lines = [""];
    for (const word of line.split(" ")) {
      const last = lines[lines.length - 1], parts = word.match(new RegExp(".{1," + most + "}", "g")) || [""];
      if (last && (last + " " + parts[0]).length > most) lines.push(parts[0]);
      else lines[lines.length - 1] = last ? last + " " + parts[0] : parts[0];
      lines.push(...parts.slice(1));
    }
    return lines;
  }
  function color(name) { return getComputedStyle(document.documentElement).getPropertyValue("--k-" + name).trim(); }
  /* One annotation a line, at a distance in pixels from the corner of the plot, so that nothing is scaled. */
  function note(line, y, from, size, tone, left) {
    return { text: line, x: 0, xref: "paper", xanchor: "left", xshift: EDGE - left, y: from, yref: "paper", yanchor: "top", yshift: y, showarrow: false, align: "left", font: { size: size, color: color(tone) } };
  }
  /* What a small window leaves out of its plot stands in the picture all the same: its legend, and words in a corner. */
  const SIGNS = { circle: "\u25cf", "circle-open": "\u25cb", diamond: "\u25c6", "diamond-open": "\u25c7", square: "\u25a0" };
  const plain = (line) => line.replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  function hiddenWords(graph) {
    return (graph.layout.annotations || []).filter((a) => a.visible === false && a.text).map((a) => plain(a.text));
  }
  function hiddenLegend(graph, width) {
    if (graph._fullLayout.showlegend) return [];
    const named = graph.data.filter((t) => t.name && t.showlegend !== false && t.x && t.x.length === 1 && t.x[0] === null);
    const lines = [], most = Math.floor(width / (0.53 * 12));
    let used = most;
    for (const trace of named) {
      const mark = trace.marker || {}, long = trace.name.length + 5;
      const item = "<span style='color:" + (mark.color || color("ink")) + "'>" + (SIGNS[mark.symbol] || SIGNS.circle) + "</span> " + escaped(plain(trace.name));
      if (used + long > most) { lines.push(item); used = long; } else { lines[lines.length - 1] += "   " + item; used += long; }
    }
    return lines;
  }
  function framed(graph, said) {
    const full = graph._fullLayout, room = full._size, wide = full.width - 2 * EDGE, notes = [];
    const head = wrapped(said.title, wide, 16).map((l) => ["<b>" + escaped(l) + "</b>", 16, "ink"]);
    const foot = hiddenLegend(graph, wide).map((l) => [l, 12, "ink"]);
    for (const rule of new Set(hiddenWords(graph).concat(said.rules))) for (const l of wrapped(rule, wide, 11)) foot.push([escaped(l), 11, "ink"]);
    for (const line of said.source) for (const l of wrapped(line, wide, 11)) foot.push([escaped(l), 11, "muted"]);
    if (said.simulated) for (const l of wrapped(said.simulated, wide, 12)) foot.push(["<b>" + escaped(l) + "</b>", 12, "caution-text"]);
    const above = head.length * 21 + EDGE, below = foot.length * LINE + EDGE;
    head.forEach(([l, size, tone], i) => notes.push(note(l, room.t + above - 8 - 21 * i, 1, size, tone, room.l)));
    foot.forEach(([l, size, tone], i) => notes.push(note(l, -room.b - 4 - LINE * i, 0, size, tone, room.l)));
    const kept = (graph.layout.annotations || []).slice();
    const layout = Object.assign({}, graph.layout, {
      autosize: false, width: full.width, height: full.height + above + below, paper_bgcolor: color("surface"),
      margin: { l: room.l, r: room.r, t: room.t + above, b: room.b + below, autoexpand: false },
      annotations: kept.concat(notes), modebar: undefined, updatemenus: undefined,
    });
    return { data: graph.data, layout: layout, config: { staticPlot: true, plotlyServerURL: "" } };
  }
  function bytes(url) {
    const comma = url.indexOf(","), body = url.slice(comma + 1);
    const plain = url.slice(0, comma).endsWith(";base64") ? atob(body) : null;
    return plain === null ? decodeURIComponent(body) : Uint8Array.from(plain, (c) => c.charCodeAt(0));
  }
  function save(url, name, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes(url)], { type: type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  function exported(button) {
    const box = button.closest(".k-figure, .k-map-canvas"), graph = box && box.querySelector(".js-plotly-plot");
    if (!graph || !graph._fullLayout || !window.Plotly) return;
    const format = button.dataset.saveFigure, said = about(box), drawn = framed(graph, said);
    const size = { format: format, width: drawn.layout.width, height: drawn.layout.height, scale: format === "png" ? SCALE : 1 };
    button.disabled = true;
    window.Plotly.toImage(drawn, size)
      .then((url) => save(url, said.stem + "." + format, format === "png" ? "image/png" : "image/svg+xml"))
      .finally(() => { button.disabled = false; });
  }
  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("[data-save-figure]");
    if (button) exported(button);
  });
})();
