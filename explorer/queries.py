"""The questions that pages, the command line and the API ask: plain values in, frames or plain values out.

Every query names its map by key and is memoised here, and only here, under the build of that map.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.cache import memoised
from explorer.chemistry.fingerprints import tanimoto
from explorer.chemistry.properties import properties
from explorer.errors import UnknownEntity
from explorer.maps.similarity import cosines, score_and_rank

#: A concentration is toxic by count when the wells hold less than this share of the control's cells (science 7).
TOXIC_COUNT = 0.5


def _build(of_map: str) -> str:
    return opened(of_map).map.build


memo = memoised(_build)


def resolve(of_map: str, text: str, *, kind: str) -> dict:
    """The entity that a URL segment or a typed name means: a row of the map's entities as a dict.

    Raises
    ------
    UnknownEntity
        When no name matches, or several do; `closest` holds up to five candidates as (slug, label).
    """
    open_map = opened(of_map)
    rows = open_map.names.find(text, kind=kind)
    if len(rows) == 1:
        return _plain(open_map.map.entities.iloc[rows[0]])
    near = rows or [open_map.entity_rows[m.entity] for m in open_map.names.closest(text, limit=20)]
    near = [r for r in near if open_map.map.entities["kind"].iat[r] == kind][:5]
    closest = tuple((open_map.map.entities["slug"].iat[r], open_map.map.entities["label"].iat[r]) for r in near)
    why = "means several" if rows else "is not on this map"
    raise UnknownEntity(f"'{text[:60]}' {why}", closest=closest)


def labels(of_map: str, genes: list[str]) -> dict[str, str]:
    """Slug to label of the genes that are on the map; others are left out."""
    open_map = opened(of_map)
    rows = {g: open_map.entity_rows.get(f"gene:{g}") for g in genes}
    return {g: open_map.map.entities["label"].iat[r] for g, r in rows.items() if r is not None}


def label(of_map: str, entity: str) -> str:
    """The name of an entity as the source writes it."""
    open_map = opened(of_map)
    return open_map.map.entities["label"].iat[open_map.entity_rows[entity]]


def arm(of_map: str, entity: str) -> str | None:
    """Chromosome arm of a gene, None where it is not known."""
    open_map = opened(of_map)
    return open_map.map.entities["arm"].iat[open_map.entity_rows[entity]]


def suggest(of_map: str, text: str) -> list[dict]:
    """At most twelve entities for what has been typed so far."""
    return [vars(m) for m in opened(of_map).names.suggest(text[:200])]


@memo
def summary(of_map: str) -> dict:
    """What is in a map: counts, concentrations, share active, and what is absent, each with its reason."""
    m = opened(of_map).map
    genes = m.entities[m.entities["kind"] == "gene"]
    compounds = m.entities[m.entities["kind"] == "compound"]
    tested = m.perturbations["active"].notna()
    share = {}
    for kind in ("gene", "compound"):
        of_kind = m.perturbations[(m.perturbations["kind"] == kind) & tested]
        share[kind] = {"n": len(of_kind), "active": int(of_kind["active"].astype(bool).sum())}
    return {
        "genes": len(genes),
        "blinded": int(genes["blinded"].sum()),
        "compounds": len(compounds),
        "structures": int(compounds["inchikey"].notna().sum()),
        "concentrations": list(m.concentrations),
        "perturbations": len(m.perturbations),
        "vectors": {k: int((m.perturbations["kind"] == k).sum()) for k in ("gene", "compound")},
        "wells_per_vector": {
            k: float(m.perturbations.loc[m.perturbations["kind"] == k, "n_wells"].median()) if n else 0.0
            for k, n in (("gene", len(genes)), ("compound", len(compounds)))
        },
        "activity": share,
        "absent": absences(of_map),
    }


def absences(of_map: str) -> list[str]:
    """What this map does not have, and what is therefore not shown, one sentence each."""
    m = opened(of_map).map
    kinds = set(m.entities["kind"])
    compounds = m.entities[m.entities["kind"] == "compound"]
    found = []
    if "gene" not in kinds:
        found.append("No gene knockouts: compounds are compared with each other only.")
    if "compound" not in kinds:
        found.append("No compounds: no structures, curves or compound neighbours.")
    elif not m.concentrations:
        found.append("No concentrations: similarity by concentration is not shown.")
    if m.manifest["control_wells_used"] == 0:
        found.append("No control wells: activity cannot be tested, so no neighbour is marked as reliable.")
    elif not m.perturbations["active"].notna().any():
        found.append("No replicate wells: activity cannot be tested.")
    if len(compounds) and not compounds["inchikey"].notna().any():
        found.append("No structures: drawings, properties and Tanimoto similarity are not shown.")
    return found


def row(of_map: str, perturbation: str) -> int:
    """Row of a perturbation's vector; raises `UnknownEntity` for any id that is not exactly on the map."""
    found = opened(of_map).map.row_of.get(perturbation)
    if found is None:
        raise UnknownEntity(f"'{perturbation[:80]}' is not a perturbation of this map")
    return found


@memo
def similar_genes(of_map: str, perturbation: str) -> pd.DataFrame:
    """Every gene against one perturbation, strongest |cosine| first; a gene is left out of its own background.

    Columns: `slug`, `label`, `blinded`, `arm`, `active`, `n_wells`, `cosine`, `score`, `rank`, `n`.
    """
    open_map, query = opened(of_map), row(of_map, perturbation)
    rows = open_map.map.gene_rows
    rows = rows[rows != query]
    return _neighbours(open_map, rows, _against(open_map, query, rows))


@memo
def similar_compounds(of_map: str, perturbation: str) -> pd.DataFrame:
    """Every compound against one perturbation, each at the concentration where it is strongest.

    The strongest |cosine| is taken over the compound's concentrations that are active and not toxic by count; where it
    has none, over all, and `active` says so. Columns as `similar_genes`, with `concentration` and, for a compound with a
    structure, `tanimoto` (ECFP4).
    """
    open_map, query = opened(of_map), row(of_map, perturbation)
    m = open_map.map
    entity = m.perturbations["entity"].iat[query]
    rows = m.compound_rows[(m.perturbations["entity"].to_numpy() != entity)[m.compound_rows]]
    s = _against(open_map, query, rows)
    best = _strongest(m.perturbations.iloc[rows], s)
    frame = _neighbours(open_map, rows[best], s[best])
    structures = open_map.fingerprints
    similarity = tanimoto(structures[open_map.entity_rows[entity]], structures)
    frame["tanimoto"] = [similarity[open_map.entity_rows[f"compound:{x}"]] for x in frame["slug"]]
    return frame


@memo
def by_concentration(of_map: str, entity: str) -> pd.DataFrame:
    """The perturbations of an entity in order of concentration, with activity and relative cell count.

    Columns: `perturbation`, `concentration`, `n_wells`, `consistency`, `magnitude`, `p`, `q`, `active`,
    `relative_count`, `toxic` (relative count below `TOXIC_COUNT`; None where not counted).
    """
    m = opened(of_map).map
    frame = m.perturbations.iloc[m.rows_of_entity[entity]].reset_index(drop=True)
    counted = frame["relative_count"].notna()
    frame["toxic"] = (frame["relative_count"] < TOXIC_COUNT).astype(object).where(counted, None)
    columns = ["perturbation", "concentration", "n_wells", "consistency", "magnitude", "p", "q", "active"]
    return frame[[*columns, "relative_count", "toxic"]]


@memo
def targets(of_map: str, entity: str) -> pd.DataFrame:
    """Annotated targets of a compound that are on the map, at every concentration.

    Columns: `label`, `slug`, `perturbation`, `concentration`, `cosine`, `score`, `rank`, `n`, `active`, `toxic`.
    """
    open_map = opened(of_map)
    wanted = open_map.map.entities["targets"].iat[open_map.entity_rows[entity]]
    concentrations = by_concentration(of_map, entity)
    frames = []
    for at in concentrations.itertuples():
        genes = similar_genes(of_map, at.perturbation)
        hits = genes[genes["label"].isin(set(wanted))]
        frames.append(
            hits[["label", "slug", "cosine", "score", "rank", "n"]].assign(
                perturbation=at.perturbation, concentration=at.concentration, active=at.active, toxic=at.toxic
            )
        )
    return pd.concat(frames, ignore_index=True)


def best_target(of_map: str, entity: str) -> dict | None:
    """The annotated target with the strongest cosine over active, non-toxic concentrations; None where there is none."""
    frame = targets(of_map, entity)
    frame = frame[_reliable(frame)]
    return None if frame.empty else _plain(frame.loc[frame["cosine"].abs().idxmax()])


def best_concentration(of_map: str, entity: str) -> dict:
    """The concentration a compound page opens at, and why.

    The one where an annotated target is strongest; else where the strongest gene is; both over active, non-toxic
    concentrations. Without any such concentration, the most consistent one, which then says that it is not active.
    """
    target = best_target(of_map, entity)
    if target is not None:
        return {"perturbation": target["perturbation"], "why": f"where its target {target['label']} is strongest"}
    frame = by_concentration(of_map, entity)
    reliable = frame[_reliable(frame)]
    if reliable.empty:
        order = frame["consistency"].fillna(-1.0)
        why = "no concentration is active" if frame["active"].notna().any() else "activity is not tested on this map"
        return {"perturbation": frame["perturbation"].iat[int(order.argmax())], "why": why}
    strength = [_top(similar_genes(of_map, p), similar_compounds, of_map, p) for p in reliable["perturbation"]]
    return {
        "perturbation": reliable["perturbation"].iat[int(np.argmax(strength))],
        "why": "where it is most like or unlike another perturbation",
    }


@memo
def curves(of_map: str, entity: str, genes: list[str]) -> pd.DataFrame:
    """Similarity of a compound to genes by concentration: means, wells, controls, and the band of all genes.

    Columns: `series` (slug of the gene, or `band`), `part` (`mean`, `well`, `control`, `low`, `high`),
    `concentration` (NaN for controls), `cosine`. The band is the 5th and 95th percentile of all genes on the map.
    """
    open_map = opened(of_map)
    m = open_map.map
    rows = m.rows_of_entity[entity]
    concentration = m.perturbations["concentration"].to_numpy()
    vectors = np.stack([m.features[row(of_map, f"gene:{g}")] for g in genes]) if genes else np.empty((0, m.features.shape[1]))
    frames = [_long(genes, "mean", concentration[rows], np.asarray(m.features[rows]) @ vectors.T)]
    if len(m.gene_rows):
        low, high = np.percentile(np.asarray(m.features[rows]) @ np.asarray(m.features[m.gene_rows]).T, [5, 95], axis=1)
        frames += [_long(["band"], part, concentration[rows], v[:, None]) for part, v in (("low", low), ("high", high))]
    if m.wells is not None:
        at = m.wells["row"].to_numpy()
        for part, chosen in (("well", np.flatnonzero(np.isin(at, rows))), ("control", _some_controls(at))):
            where = concentration[at[chosen]] if part == "well" else np.full(len(chosen), np.nan)
            frames.append(_long(genes, part, where, m.well_features[chosen].astype(np.float32) @ vectors.T))
    return pd.concat(frames, ignore_index=True)


@memo
def gene_profiles(of_map: str, entity: str, genes: list[str]) -> dict:
    """Cosine of a compound to each gene at every concentration, for sparklines: slug to list of values."""
    m = opened(of_map).map
    rows = m.rows_of_entity[entity]
    at = [row(of_map, f"gene:{g}") for g in genes]
    values = np.asarray(m.features[at]) @ np.asarray(m.features[rows]).T
    return {g: [round(float(x), 3) for x in v] for g, v in zip(genes, values, strict=True)}


@memo
def compound_profiles(of_map: str, gene: str, compounds: list[str]) -> dict:
    """Cosine of a gene to each compound at every concentration of that compound, for sparklines."""
    m = opened(of_map).map
    vector = np.asarray(m.features[row(of_map, gene)])
    return {
        c: [round(float(x), 3) for x in np.asarray(m.features[m.rows_of_entity[f"compound:{c}"]]) @ vector]
        for c in compounds
    }


@memo
def strongest_pairs(of_map: str, most: int = 8) -> pd.DataFrame:
    """Pairs of named, active genes that are each other's nearest neighbour, strongest first.

    Columns: `a`, `a_label`, `b`, `b_label`, `cosine`. Where activity is not tested, all named genes are looked at.
    """
    open_map = opened(of_map)
    m = open_map.map
    genes = m.entities.set_index("entity").loc[m.perturbations["entity"].iloc[m.gene_rows]]
    active = m.perturbations["active"].iloc[m.gene_rows].to_numpy()
    tested = m.perturbations["active"].notna().any()
    keep = ~genes["blinded"].to_numpy() & (np.array([a is not None and a is not False and a == a for a in active]) if tested else True)
    rows, genes = m.gene_rows[keep], genes[keep]
    if len(rows) < 2:
        return pd.DataFrame(columns=["a", "a_label", "b", "b_label", "cosine"])
    nearest, cosine = _nearest_rows(np.asarray(m.features[rows]))
    first = np.flatnonzero((nearest[nearest] == np.arange(len(rows))) & (np.arange(len(rows)) < nearest))
    first = first[np.argsort(-cosine[first])][:most]
    a, b = genes.iloc[first], genes.iloc[nearest[first]]
    return pd.DataFrame(
        {"a": a["slug"].to_numpy(), "a_label": a["label"].to_numpy(), "b": b["slug"].to_numpy(), "b_label": b["label"].to_numpy(), "cosine": cosine[first].astype(float)}
    )


def examples(of_map: str) -> list[dict]:
    """A few entities to start from: the genes of the strongest pairs, and compounds with a target on the map."""
    open_map = opened(of_map)
    e = open_map.map.entities
    genes = [f"gene:{s}" for s in strongest_pairs(of_map)["a"].head(3)]
    labels = set(e.loc[e["kind"] == "gene", "label"])
    compounds = e[e["kind"] == "compound"]
    known = compounds[[bool(labels & set(t)) for t in compounds["targets"]]]
    chosen = [*genes, *(known if len(known) else compounds)["entity"].head(2), *e.loc[e["blinded"], "entity"].head(1)]
    picked = e.iloc[[open_map.entity_rows[x] for x in chosen]]
    return [
        {"kind": r.kind, "slug": r.slug, "label": r.label, "blinded": bool(r.blinded), "via": r.synonyms[0] if len(r.synonyms) else None}
        for r in picked.itertuples()
    ]


def place(of_map: str, compound: str, concentration: float) -> int:
    """Position of a concentration among those of a compound, -1 where it has none."""
    m = opened(of_map).map
    at = m.perturbations["concentration"].to_numpy()[m.rows_of_entity[f"compound:{compound}"]]
    found = np.flatnonzero(at == concentration)
    return int(found[0]) if len(found) else -1


@memo
def chemistry(of_map: str, entity: str) -> dict | None:
    """Calculated properties of a compound's structure, or None without a readable one."""
    open_map = opened(of_map)
    smiles = open_map.map.entities["smiles"].iat[open_map.entity_rows[entity]]
    return properties(smiles) if smiles else None


def _nearest_rows(vectors: np.ndarray, *, block: int = 2048) -> tuple[np.ndarray, np.ndarray]:
    """Index and cosine of each unit row's nearest other row, in blocks so that memory stays small."""
    nearest, best = np.empty(len(vectors), dtype=int), np.empty(len(vectors))
    for start in range(0, len(vectors), block):
        s = vectors[start : start + block] @ vectors.T
        own = np.arange(len(s))
        s[own, own + start] = -2
        nearest[start : start + block] = s.argmax(axis=1)
        best[start : start + block] = s.max(axis=1)
    return nearest, best


def _against(open_map: OpenMap, query: int, rows: np.ndarray) -> np.ndarray:
    """Cosine of one perturbation to the perturbations in `rows`: one product with the whole map."""
    return cosines(open_map.map.features, open_map.map.features[query])[rows].astype(float)


def _neighbours(open_map: OpenMap, rows: np.ndarray, similarities: np.ndarray) -> pd.DataFrame:
    m = open_map.map
    p = m.perturbations.iloc[rows].reset_index(drop=True)
    e = m.entities.iloc[[open_map.entity_rows[x] for x in p["entity"]]].reset_index(drop=True)
    frame = pd.concat([e[["slug", "label", "blinded", "arm"]], p[["concentration", "active", "n_wells"]]], axis=1)
    frame = pd.concat([frame, score_and_rank(similarities)], axis=1)
    return frame.sort_values("rank", ignore_index=True)


def _strongest(perturbations: pd.DataFrame, similarities: np.ndarray) -> np.ndarray:
    """Position of each entity's strongest |cosine|, reliable concentrations before the others."""
    reliable = _reliable(perturbations.assign(toxic=perturbations["relative_count"] < TOXIC_COUNT)).to_numpy()
    order = np.lexsort((-np.abs(similarities), ~reliable))
    entities = perturbations["entity"].to_numpy()[order]
    _, first = np.unique(entities, return_index=True)
    return np.sort(order[first])


def _reliable(frame: pd.DataFrame) -> pd.Series:
    """Active and not toxic by count; where activity is not tested at all, every row that is not toxic."""
    tested = frame["active"].notna().any()
    active = frame["active"].fillna(False).astype(bool) if tested else True
    return active & ~frame["toxic"].fillna(False).astype(bool)


def _top(genes: pd.DataFrame, ask_compounds: object, of_map: str, perturbation: str) -> float:
    frame = genes if len(genes) else ask_compounds(of_map, perturbation)
    return float(frame["cosine"].abs().max()) if len(frame) else 0.0


def _long(series: list[str], part: str, concentrations: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """A (concentrations x series) table as one row a value."""
    n = len(series)
    return pd.DataFrame(
        {
            "series": np.tile(np.array(series, dtype=object), len(concentrations)),
            "part": part,
            "concentration": np.repeat(concentrations, n),
            "cosine": np.asarray(values, dtype=float).reshape(-1),
        }
    )


def _some_controls(at: np.ndarray, *, most: int = 60) -> np.ndarray:
    """An even sample of the control wells, few enough to draw."""
    controls = np.flatnonzero(at < 0)
    return controls[:: max(1, len(controls) // most)][:most]


def _plain(record: pd.Series) -> dict:
    """A row as plain Python values; missing becomes None."""
    plain = {}
    for key, value in record.items():
        value = value.item() if isinstance(value, np.generic) else value
        value = list(value) if isinstance(value, np.ndarray | tuple) else value
        plain[key] = None if value is None or (not isinstance(value, list) and pd.isna(value)) else value
    return plain
