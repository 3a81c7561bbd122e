"""Data: where the map comes from, how it was made, what was left out, and what it does not have."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components.links import href
from explorer.components.representation_views import table_told
from explorer.components.representation_words import way_name
from explorer.components.routing import Address
from explorer.components.similarity_name import similarity_name
from explorer.components.sources import sources_tile
from explorer.components.tiles import tile
from explorer.figures import words

PATH, TITLE = "/data", "Data"
OWN = (
    "Files of your own go into the folder own/ of KEYHOLE_ANNOTATIONS: gene_sets/*.gmt, relationships/*.csv, "
    "compounds/*.csv, unblinding/*.csv, arms/*.csv, and sources.csv, which says their name, licence and version."
)


def layout(address: Address) -> Component:
    """Provenance of the map that is open."""
    m = atlas.opened(address.map).map
    manifest, source, name = m.manifest, m.manifest["source"], similarity_name(address.map).long
    return html.Div(
        [
            html.H1("Data", className="k-unseen"),
            tile("This map", _pairs(_identity(manifest, address.map)), says=manifest["dataset"]),
            tile(
                "How it was made",
                _pairs(_recipe(manifest)),
                says=f"Wells are filtered, aligned on controls, aggregated, and compared by {name}.",
            ),
            tile(
                "Left out",
                _counts(source["dropped"], "No row was left out."),
                says=f"Of {source['rows']:,} rows read, by reason.",
            ),
            tile(
                "Notes and absences",
                _notes([*queries.absences(address.map), *source["notes"]]),
                says="What was assumed, repaired, or is not there.",
            ),
            tile(
                "Files read",
                _counts({f["file"]: f["bytes"] for f in source["files"]}, "Made in memory.", unit="bytes"),
                says="Source files and their size.",
            ),
            sources_tile(_known(address.map), folder_hint=OWN),
            *_embeddings(address.map),
            tile("Maps open here", _maps(address.map), says="Choose another one."),
        ],
        className="k-cards",
    )


def _known(of_map: str) -> list[dict]:
    return [*queries.annotation_sources(of_map), *queries.prediction_sources(of_map)]


def _identity(manifest: dict, of_map: str) -> dict[str, str]:
    s = queries.summary(of_map)
    return {
        "Name": manifest["name"],
        "Build": f"{manifest['build']}, {manifest['created']}",
        "Licence": manifest["licence"] or "not given",
        "Cite": manifest["citation"] or "not given",
        "Simulated": "yes: not experimental data" if manifest["simulated"] else "no",
        "Holds": f"{words.plural(s['genes'], 'gene')}, {words.plural(s['compounds'], 'compound')}, "
        f"{words.plural(s['perturbations'], 'vector')} of {manifest['dimensions']} dimensions",
    }


def _recipe(manifest: dict) -> dict[str, str]:
    recipe = manifest["recipe"]
    controls = ", ".join(f"{k} {v:,}" for k, v in manifest["controls"].items()) or "none"
    return {
        "Align": recipe["align"],
        "Aggregate": f"{recipe['aggregate']} of wells" + (", by guide first" if recipe["by_guide"] else ""),
        "Relate": "cosine similarity" if recipe.get("relate", "cosine") == "cosine" else recipe["relate"],
        **_chosen(manifest),
        "Wells": f"{manifest['wells']:,} in {words.plural(manifest['experiments'], 'experiment')}",
        "Controls": f"{controls}; {manifest['control_wells_used']:,} used to align and as the null",
        "Activity": f"consistency of replicate wells against {recipe['null_draws']:,} draws of held-out control wells, "
        f"seed {recipe['seed']}; Benjamini-Hochberg by kind",
        "Versions": ", ".join(f"{k} {v}" for k, v in sorted(manifest["versions"].items())),
    }


def _chosen(manifest: dict) -> dict[str, str]:
    """Why an alignment or a relation was chosen, where the build was asked to choose."""
    reasons = {"Align, because": manifest.get("alignment_choice"), "Relate, because": manifest.get("relation")}
    return {name: str(choice["why"]) for name, choice in reasons.items() if choice and choice.get("why")}


def _pairs(pairs: dict[str, str], *, long_names: bool = False) -> Component:
    shape = "k-pairs-list k-long-names" if long_names else "k-pairs-list"
    return html.Dl([html.Div([html.Dt(k), html.Dd(v)]) for k, v in pairs.items()], className=shape)


def _counts(counts: dict[str, int], none: str, unit: str = "rows") -> Component:
    if not counts:
        return html.P(none, className="k-absent")
    return _pairs({k: f"{v:,} {unit}" for k, v in counts.items()}, long_names=True)


def _notes(notes: list[str]) -> Component:
    return html.Ul([html.Li(n) for n in notes], className="k-notes") if notes else html.P("None.", className="k-absent")


def _embeddings(of_map: str) -> list[Component]:
    """Learned embeddings of the compounds that are kept beside the map: model, licence, libraries, date."""
    tables = queries.embedding_tables(of_map)
    told = {way_name(t["name"]) or "not used": t["problem"] or table_told(t) for t in tables}
    says = "Numbers that a model makes of each structure; the Representations page compares by them."
    return [tile("Learned embeddings", _pairs(told), says=says)] if tables else []


def _maps(shown: str) -> Component:
    items = []
    for key, opened in atlas.current().maps.items():
        name = (
            [html.B(opened.map.name), " (shown)"]
            if key == shown
            else [dcc.Link(opened.map.name, href=href("/data", of_map=key))]
        )
        items.append(html.Li([*name, html.Small(f" build {opened.map.build}")]))
    return html.Ul(items, className="k-notes")
