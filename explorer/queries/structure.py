"""A typed structure against the map: the compound it is, those like it or with it in them, and what they look like."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.chemistry import isolation
from explorer.chemistry.fingerprints import tanimoto
from explorer.queries.concentrations import SIGNIFICANT, best_concentration
from explorer.queries.neighbours import similar_compounds
from explorer.queries.rows import memo, reliable_rows, row
from explorer.statistics.inferred import LEAST_TANIMOTO, MOST_NEIGHBOURS, infer
from explorer.statistics.significance import score_and_rank
from explorer.statistics.structure_phenotype import pair_class

#: Cosine from which cells are called alike where a map has no controls to test with.
LOOSE_COSINE = 0.4


@memo
def typed_structure(of_map: str, smiles: str) -> dict:
    """What a typed SMILES is (`untrusted.describe`), with `slug` and `label` of the compound of the map that it is.

    Raises
    ------
    InputError
        Where it cannot be read, with the place of the mistake, or passes a limit.
    """
    e = opened(of_map).map.entities
    told = isolation.ask("describe", smiles=smiles)
    same = e.index[e["inchikey"].notna() & e["inchikey"].eq(told["inchikey"])]
    on_map = {"slug": e.at[same[0], "slug"], "label": e.at[same[0], "label"]} if len(same) else {}
    return {"slug": None, "label": None} | told | on_map


@memo
def structure_hits(of_map: str, smiles: str, mode: str, least: float) -> pd.DataFrame:
    """Compounds of the map that a typed structure finds, nearest structure first.

    Parameters
    ----------
    smiles : str
        A SMILES; a SMARTS with mode `sub`.
    mode : str
        `sim`: Tanimoto similarity (ECFP4) of at least `least`; `sub`: contains it; `exact`: the same InChIKey.

    Returns
    -------
    DataFrame
        `slug`, `label`, `tanimoto` (NaN for a pattern), `targets` (text), then `concentration`, `cosine`, `q` and
        `reliable` of its cells against those of `against` (the compound that the structure is, else the first hit).
    """
    open_map = opened(of_map)
    e = open_map.map.entities
    near = np.full(len(e), np.nan) if mode == "sub" else tanimoto_to(of_map, smiles)
    if mode == "sub":
        found = _containing(open_map, smiles)
    elif mode == "exact":
        slug = typed_structure(of_map, smiles)["slug"]
        found = np.flatnonzero((e["kind"] == "compound") & e["slug"].eq(slug)) if slug else np.array([], dtype=int)
    else:
        found = np.flatnonzero(np.nan_to_num(near, nan=-1.0) >= least)
    found = found[np.argsort(-np.nan_to_num(near[found]), kind="stable")]
    frame = e.iloc[found][["slug", "label"]].reset_index(drop=True)
    frame = frame.assign(tanimoto=near[found], targets=[", ".join(t) for t in e["targets"].iloc[found]])
    reference = (typed_structure(of_map, smiles)["slug"] if mode != "sub" else None) or next(iter(frame["slug"]), None)
    return _with_cells(of_map, frame, reference)


@memo
def structure_phenotype(of_map: str, perturbation: str) -> pd.DataFrame:
    """`similar_compounds` with `quadrant`: what each is beside the query by structure and by cells (`pair_class`).

    Cells are alike where the cosine is positive and q is at most 0.05; without controls, where it is at least 0.4.
    """
    frame = similar_compounds(of_map, perturbation)
    tested = frame["q"].notna().any()
    alike = frame["cosine"].gt(0) & frame["q"].le(SIGNIFICANT) if tested else frame["cosine"].ge(LOOSE_COSINE)
    reliable = frame["reliable"].to_numpy(dtype=bool)
    return frame.assign(quadrant=pair_class(frame["tanimoto"].to_numpy(), alike.to_numpy(dtype=bool), reliable))


@memo
def nearest_structure(of_map: str, smiles: str) -> dict | None:
    """The compound whose structure is nearest to a typed one: `slug`, `label`, `tanimoto`; None without structures."""
    near = tanimoto_to(of_map, smiles)
    if not np.isfinite(near).any():
        return None
    best = int(np.nanargmax(near))
    e = opened(of_map).map.entities.iloc[best]
    return {"slug": e["slug"], "label": e["label"], "tanimoto": float(near[best])}


@memo
def inferred_genes(of_map: str, smiles: str, most: int = 12) -> dict:
    """Genes that the consensus phenotype of the nearest structures is most like: inferred, never measured.

    Returns
    -------
    dict
        `neighbours` (label, slug, tanimoto, concentration), `agreement` (their mean pairwise cosine, None for one
        alone), `genes` (label, slug, blinded, cosine, rank, n); empty lists where no reliable neighbour is near enough.
    """
    open_map = opened(of_map)
    m = open_map.map
    if not len(m.compound_rows) or not len(m.gene_rows):
        return {"neighbours": [], "agreement": None, "genes": []}
    near = tanimoto_to(of_map, smiles)
    close = np.argsort(-np.nan_to_num(near, nan=-1.0), kind="stable")[: 4 * MOST_NEIGHBOURS]
    close = close[np.nan_to_num(near[close], nan=-1.0) >= LEAST_TANIMOTO]
    at = [best_concentration(of_map, e)["perturbation"] for e in m.entities["entity"].iloc[close]]
    rows = np.array([row(of_map, p) for p in at], dtype=int)
    usable = reliable_rows(open_map)[rows]
    found = infer(m.features[rows], near[close], usable)
    if found is None:
        return {"neighbours": [], "agreement": None, "genes": []}
    genes = m.perturbations.iloc[m.gene_rows].reset_index(drop=True)
    table = score_and_rank(np.asarray(m.features[m.gene_rows]) @ found.vector)
    table = table.assign(entity=genes["entity"], label=genes["label"]).sort_values("rank").head(most)
    blinded = m.entities.set_index("entity")["blinded"]
    return {
        "neighbours": [
            {
                "label": m.entities["label"].iat[close[i]],
                "slug": m.entities["slug"].iat[close[i]],
                "tanimoto": float(near[close[i]]),
                "concentration": _number(m.perturbations["concentration"].iat[rows[i]]),
            }
            for i in found.used
        ],
        "agreement": _number(found.agreement),
        "genes": [
            {
                "label": g.label,
                "slug": g.entity.partition(":")[2],
                "blinded": bool(blinded[g.entity]),
                "cosine": float(g.cosine),
                "rank": int(g.rank),
                "n": int(g.n),
            }
            for g in table.itertuples()
        ],
    }


def tanimoto_to(of_map: str, smiles: str) -> np.ndarray:
    """Tanimoto similarity of a typed structure to every entity of the map; NaN where there is no structure."""
    bits = np.frombuffer(bytes.fromhex(typed_structure(of_map, smiles)["bits"]), dtype=np.uint64)
    return tanimoto(bits, opened(of_map).fingerprints, counts=opened(of_map).bit_counts)


def _containing(open_map: OpenMap, smarts: str) -> np.ndarray:
    """Rows of the entities whose structure contains a pattern."""
    e = open_map.map.entities
    rows = np.flatnonzero(e["inchikey"].notna())
    library = isolation.Library(open_map.map.build, e["smiles"].iloc[rows].tolist())
    return rows[isolation.ask("match", among=library, smarts=smarts)["hits"]]


def _with_cells(of_map: str, frame: pd.DataFrame, reference: str | None) -> pd.DataFrame:
    """The hits with the similarity of their cells to those of a reference compound, which is told as `against`."""
    columns = ["slug", "concentration", "cosine", "q", "reliable"]
    if reference is None:
        return frame.assign(against=None, **dict.fromkeys(columns[1:], np.nan))
    at = best_concentration(of_map, f"compound:{reference}")["perturbation"]
    cells = similar_compounds(of_map, at)[columns]
    return frame.merge(cells, on="slug", how="left").assign(against=reference)


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
