/* The page of a story: its link. */
(function () {
  "use strict";
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    story: { copyLink: (clicks) => window.keyholePicking.copyLink(clicks) },
  });
})();
