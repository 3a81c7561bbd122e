"""What can be done with the candidates that are chosen: network, compare, and what is selected in the plot."""

from __future__ import annotations

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked_terms import MOST_TERMS
from explorer.components.links import href
from explorer.components.pair_link import pairs_link
from explorer.figures import words

#: Most genes that a link to the network carries.
MOST_GENES = 60


def picked_tools(frame: pd.DataFrame, *, picked: bool, of_map: str, like: list[str]) -> list[Component]:
    """Links for the chosen rows of `queries.ranked`: those selected in the plot, else those of the wanted region."""
    chosen = frame if picked else frame[frame["wanted"]]
    liked = [t.removeprefix("gene:") for t in like if t.startswith("gene:")]
    genes = list(dict.fromkeys([*liked, *chosen.loc[chosen["kind"] == "gene", "slug"]]))[:MOST_GENES]
    first = list(dict.fromkeys([*[t for t in like if not t.startswith("-")], *chosen["perturbation"]]))[:MOST_TERMS]
    of = "the selection" if picked else "the wanted region"
    tools: list[Component] = []
    if len(genes) > 1:
        link = href("/network", of_map=of_map, genes=",".join(genes))
        tools.append(dcc.Link("Network", href=link, className="k-button", title=f"Genes of {of} as a network"))
    names = [*chosen["label"].drop_duplicates()][:MOST_GENES]
    if names:
        link = href("/lists", of_map=of_map, names=queries.joined(names))
        tools.append(dcc.Link("List", href=link, className="k-button", title=f"Names of {of}, to be saved as a list"))
    if len(first) > 1:
        link = href("/compare", of_map=of_map, e=",".join(first))
        tools.append(dcc.Link("Compare", href=link, className="k-button", title=f"The first {len(first)} of {of}"))
    return tools + pairs_link(of_map, chosen.loc[chosen["kind"] == "compound", "slug"].tolist())


def picked_words(frame: pd.DataFrame, *, picked: bool, most: int) -> list[Component | str]:
    """What the list holds, of which it shows at most so many: a selection with a way to clear it, or all candidates."""
    kinds = frame["kind"].value_counts()
    said = ", ".join(words.plural(int(kinds[k]), k) for k in ("gene", "compound") if k in kinds) or "nothing"
    said += f", the first {most:,} listed" if len(frame) > most else ""
    if picked:
        return [f"Selected: {said} ", html.Small("double-click in the plot to clear")]
    return [f"Ranked by difference: {said}"]
