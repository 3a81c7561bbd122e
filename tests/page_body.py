"""How a browser asks Dash for a page."""

from __future__ import annotations


def page_body(path: object, search: object) -> dict:
    """The callback body by which the browser asks for a page."""
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": path},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.pathname"],
        "state": [{"id": "_pages_location", "property": "pathname", "value": path}],
    }
