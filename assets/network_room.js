/* Where things of the network page find room: the picture in its canvas, the card in a corner, cut-offs on their axis. */
(function () {
  "use strict";
  const LARGEST = 1.3; /* few genes are not blown up */
  const BUTTONS = 52; /* height of the buttons, which nothing but a circle passes */
  const NARROW = 520; /* names of groups are left to the table of clusters below this width */
  const CORNERS = ["", "k-low", "k-low k-west"];

  function fit(cy, layout) {
    cy.resize();
    const small = cy.width() < NARROW;
    const names = cy.nodes(".words");
    cy.batch(() => names.style("display", small ? "none" : "element"));
    const shown = small ? cy.elements().not(names) : cy.elements();
    const box = shown.boundingBox(), side = layout === "circle" ? 12 : 24, top = layout === "circle" || small ? 12 : BUTTONS;
    if (!(box.w > 0 && box.h > 0 && cy.width() > 80 && cy.height() > 80)) return;
    const zoom = Math.min((cy.width() - 2 * side) / box.w, (cy.height() - top - side) / box.h, LARGEST);
    const pan = { x: cy.width() / 2 - zoom * (box.x1 + box.w / 2), y: (cy.height() + top - side) / 2 - zoom * (box.y1 + box.h / 2) };
    cy.viewport({ zoom: zoom, pan: pan });
    const free = cy.width() - shown.renderedBoundingBox().w;
    if (free > 160 && layout === "circle") cy.panBy({ x: -Math.min(free / 2 - 14, 90), y: 0 });
  }
  /* The first corner that covers the fewest names and marks; the same for every card until the picture moves. */
  function corner(cy, box) {
    if (!cy || !box || window.innerWidth <= 640) return;
    const width = 262, height = box.offsetHeight + 24, w = cy.width(), h = cy.height();
    const places = [[w - width, 0], [w - width, h - height], [0, h - height]];
    const counts = [0, 0, 0];
    cy.nodes().not(".shade, .arc").forEach(function (node) {
      if (node.style("display") === "none") return;
      const b = node.renderedBoundingBox();
      places.forEach(([x, y], i) => { if (b.x1 < x + width && b.x2 > x && b.y1 < y + height && b.y2 > y) counts[i] += 1; });
    });
    const best = CORNERS[counts.indexOf(Math.min(...counts))];
    box.classList.toggle("k-low", best.includes("k-low"));
    box.classList.toggle("k-west", best.includes("k-west"));
  }
  /* Cut-offs are written under their handle; one that would cover the words at the ends stays clear of them. */
  function ends(numbers) {
    [["network-low", numbers.cut[0]], ["network-high", numbers.cut[1]]].forEach(function ([id, at]) {
      const e = document.getElementById(id);
      if (e) e.style.left = Math.min(Math.max(50 + 50 * at / numbers.reach, 22), 80) + "%";
    });
  }
  window.keyholeRoom = { fit: fit, corner: corner, ends: ends };
})();
