"""One file a page; each names its PATH, TITLE, layout and callbacks."""
