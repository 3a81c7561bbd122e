"""Help: what the numbers mean, what they cannot say, and the keys."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer.components.routing import Address
from explorer.components.tiles import tile

PATH, TITLE = "/help", "Help"

WORDS = {
    "Perturbation": "a gene knockout, or a compound at one concentration",
    "Map": "one vector for each perturbation, made from pictures of cells",
    "Cosine": "how much two vectors point the same way: 1 the same, 0 unrelated, −1 opposite",
    "Map score": "signed percentile of |cosine| among everything the query was compared with, −100 to 100",
    "Rank": "1 for the strongest |cosine|; similar and opposite share one ranking",
    "Consistency": "mean pairwise cosine of the replicate wells of a perturbation",
    "Magnitude": "length of the mean aligned vector of a perturbation",
    "Active": "consistency beyond what as many control wells reach by chance, q ≤ 0.05 (Benjamini-Hochberg)",
    "Band": "5th to 95th percentile of the cosine to all genes at that concentration",
    "Tanimoto": "share of structural features two molecules have in common (ECFP4), 0 to 1",
    "Toxic by count": "the wells hold fewer than half of the cells of the plate's controls",
    "Blinded": "a gene that the owner of the data has not named",
}
LIMITS = (
    "Alike in pictures is not the same mechanism. A neighbour is a hypothesis to test.",
    "The vector of a compound rests on few wells, that of a gene often on many: their raw cosines do not compare.",
    "Where a perturbation is not active, its neighbours follow noise. They are shown in grey.",
    "At toxic concentrations compounds look alike because cells die.",
    "Knockouts on one chromosome arm can look alike because of the cut itself. Such pairs are hatched.",
)
SOURCES = (
    "Embed, filter, align, aggregate, relate: Celik et al. 2024, doi:10.1371/journal.pcbi.1012463",
    "Typical variation normalisation: Ando et al. 2017, doi:10.1101/161422",
    "Proximity bias: Lazar et al. 2024, doi:10.1038/s41588-024-01758-y",
    "False discovery rate: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x",
    "Extended-connectivity fingerprints: Rogers and Hahn 2010, doi:10.1021/ci100050t",
)
KEYS = {
    "Ctrl K or /": "search: a gene, compound, disease, set, id or structure; or paste a list of names",
    "↑ ↓ Enter": "choose a suggestion",
    "Esc": "close the suggestions",
    "?": "this list of keys",
}


def layout(address: Address) -> Component:
    """Words, limits, sources and keys."""
    return html.Div(
        [
            html.H1("Help", className="k-unseen"),
            tile("Words", _pairs(WORDS), says="One word for each thing, on every page."),
            tile(
                "Limits",
                html.Ul([html.Li(x) for x in LIMITS], className="k-notes"),
                says="What a similarity cannot say.",
            ),
            tile(
                "Sources",
                html.Ul([html.Li(x) for x in SOURCES], className="k-notes"),
                says="Where the formulas come from.",
            ),
            tile("Keys", _pairs(KEYS), says="From anywhere."),
        ],
        className="k-cards",
    )


def _pairs(pairs: dict[str, str]) -> Component:
    return html.Dl([html.Div([html.Dt(k), html.Dd(v)]) for k, v in pairs.items()], className="k-pairs-list")
