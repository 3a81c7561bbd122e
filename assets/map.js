/* The map page in the browser: what dragging does, which rows a lasso holds, which window of the heatmap is seen. */
(function () {
  "use strict";
  const same = () => window.dash_clientside.no_update;
  const plot = (id) => document.querySelector("#" + id + " .js-plotly-plot");

  function write(changes) {
    const address = new URL(window.location.href);
    for (const [key, value] of Object.entries(changes)) {
      if (value) address.searchParams.set(key, value);
      else address.searchParams.delete(key);
    }
    window.history.replaceState(window.history.state, "", address);
  }
  /* Rows are sent as typed arrays, which Dash does not look into. */
  function rowOf(point) {
    const graph = plot("map-graph"), trace = graph && graph._fullData && graph._fullData[point.curveNumber];
    const row = trace && trace.customdata && trace.customdata[point.pointNumber];
    return Number.isInteger(row) ? row : null;
  }
  function relayout(id, changes) {
    const graph = plot(id);
    if (graph && graph._fullLayout) window.Plotly.relayout(graph, changes);
  }
  function ranges(rows, columns) {
    return { "xaxis.range": [columns[0] - 0.5, columns[1] - 0.5], "yaxis.range": [rows[1] - 0.5, rows[0] - 0.5] };
  }
  function span(axis) {
    const ends = axis.range.map(Number).sort((a, b) => a - b);
    const first = Math.max(0, Math.round(ends[0] + 0.5));
    return [first, Math.max(first + 1, Math.min(Math.round(axis.maxallowed + 0.5), Math.round(ends[1] + 0.5)))];
  }

  /* On a phone the picture has the width: words go below it. */
  const narrow = () => window.innerWidth <= 640;
  const SMALL_PICTURE = {
    showlegend: false, "annotations[0].visible": false, "coloraxis.colorbar.x": 0.02, "coloraxis.colorbar.xanchor": "left",
    "coloraxis.colorbar.y": -0.02, "coloraxis.colorbar.yanchor": "top", "coloraxis.colorbar.lenmode": "pixels", "coloraxis.colorbar.len": 200,
  };
  function smallHeat(graph) {
    const few = graph._fullLayout.xaxis.range[1] - graph._fullLayout.xaxis.range[0] <= 44;
    if (!narrow() || graph._fullLayout.yaxis.showticklabels === few) return;
    window.Plotly.relayout(graph, { "yaxis.showticklabels": few, "xaxis.showticklabels": few, "annotations[0].visible": false });
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    keyhole_map: {
      drag: function (mode) {
        const wanted = mode === "box" ? "select" : mode;
        let wait = 50;
        setTimeout(function attempt() {
          const graph = plot("map-graph");
          if (!graph || !graph._fullLayout || !graph._fullData.length) { if (wait--) setTimeout(attempt, 100); return; }
          if (graph._fullLayout.dragmode !== wanted) relayout("map-graph", { dragmode: wanted });
          if (narrow() && graph._fullLayout.showlegend) {
            window.Plotly.relayout(graph, SMALL_PICTURE).then(() => window.Plotly.Plots.resize(graph));
          }
        }, 0);
        return same();
      },
      hover: function (hovered) {
        const point = hovered && hovered.points && hovered.points[0];
        const row = point ? rowOf(point) : null;
        return row === null ? null : { row: row, bbox: point.bbox };
      },
      select: function (selected) {
        if (!selected || !selected.points) return null;
        const rows = new Set();
        for (const point of selected.points) {
          const row = rowOf(point);
          if (row !== null) rows.add(row);
        }
        return rows.size ? Array.from(rows).sort((a, b) => a - b) : null;
      },
      write: function (method, color, about, find) {
        const changes = { by: method, color: color, like: null, set: null, find: (find || []).join(",") };
        if (color === "like" || color === "set") changes[color] = about;
        if (color === "kind") changes.color = null;
        const first = document.querySelector("#map-method input");
        if (first && first.value === method) changes.by = null;
        write(changes);
        return same();
      },
      fit: function () {
        setTimeout(function () {
          const graph = plot("heat-graph");
          if (graph && graph._fullData && graph._fullData.length) smallHeat(graph);
        }, 50);
        return same();
      },
      go: function (view) {
        if (view) relayout("heat-graph", ranges(view.rows, view.columns));
        return same();
      },
      whole: function (clicks) {
        const graph = plot("heat-graph");
        if (clicks && graph) {
          const all = [0, Math.round(graph._fullLayout.xaxis.maxallowed + 0.5)];
          relayout("heat-graph", ranges(all, all));
        }
        return same();
      },
      view: function (changed, before) {
        const graph = plot("heat-graph");
        if (!changed || !graph || !graph._fullLayout || !Object.keys(changed).some((k) => k.includes("axis"))) return same();
        smallHeat(graph);
        const now = { rows: span(graph._fullLayout.yaxis), columns: span(graph._fullLayout.xaxis) };
        if (JSON.stringify(now) === JSON.stringify(before)) return same();
        const last = Math.round(graph._fullLayout.xaxis.maxallowed + 0.5);
        const whole = [now.rows, now.columns].every((s) => s[0] === 0 && s[1] === last);
        write({ at: whole ? null : [now.rows, now.columns].map((s) => s[0] + 1 + "-" + s[1]).join(".") });
        return now;
      },
    },
  });
})();
