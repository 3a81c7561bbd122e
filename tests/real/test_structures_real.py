"""Structures as data sets write them: the hand-checked compounds, and every SMILES and InChI of the real tables.

Each is drawn, or refused with a reason; none raises.
"""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from explorer.chemistry.fingerprints import morgan
from explorer.chemistry.isolation import Isolated
from explorer.chemistry.structures import draw_svg, inchikey
from explorer.errors import InputError

#: Names of columns that hold structures: SMILES and InChI strings, not InChIKeys.
STRUCTURES = re.compile(r"smiles|inchi(?!.?key)", re.IGNORECASE)
TABLES = ("*.csv", "*.tsv", "*.csv.gz", "*.tsv.gz")
#: Kinds of refusal, by a word of what is said.
REASONS = ("ASCII", "characters", "atoms", "separate parts", "stopped", "memory", "SMILES that can", "InChI that can")


@pytest.fixture(scope="module")
def reference(real_data):
    path = real_data.parent / "reference" / "compounds.csv"
    if not path.is_file():
        pytest.skip(f"the reference compounds are not at {path}")
    return pd.read_csv(path)


def test_all_reference_structures_have_their_inchikey(reference):
    """All 486 structures read, and their InChIKeys equal those of the table."""
    assert len(reference) == 486
    wrong = [row.name for row in reference.itertuples(index=False) if inchikey(row.smiles) != row.inchikey]
    assert wrong == []


def test_all_reference_structures_have_bits_and_a_drawing(reference):
    """Every structure has a fingerprint and can be drawn."""
    assert (morgan(reference["smiles"].tolist()) != 0).any(axis=1).all()
    assert all(draw_svg(s, width=200, height=150, dark=False) for s in reference["smiles"])


@pytest.fixture(scope="module")
def written(real_data):
    """Every different text of every column of structures, by file and column."""
    found = {}
    for file in sorted(f for pattern in TABLES for f in real_data.rglob(pattern)):
        separator = "\t" if ".tsv" in file.name else ","
        columns = [c for c in pd.read_csv(file, sep=separator, nrows=0).columns if STRUCTURES.search(c)]
        for column in columns:
            texts = pd.read_csv(file, sep=separator, usecols=[column], dtype=str)[column].dropna().unique()
            found[f"{file.relative_to(real_data)}: {column}"] = texts.tolist()
    return found


def test_every_structure_of_the_real_tables_is_drawn_or_refused_with_a_reason(written, capsys):
    """All SMILES and InChI columns: an SVG or a sentence that names what is wrong, as typed and as of a map."""
    texts = list(dict.fromkeys(t for column in written.values() for t in column))
    assert len(written) >= 15
    assert len(texts) > 1_500
    workers = Isolated()
    try:
        with ThreadPoolExecutor(workers.limits.workers) as pool:
            told = Counter(pool.map(lambda text: answered(workers, text), texts))
    finally:
        workers.close()
    with capsys.disabled():
        print(f"\n{len(texts):,} different structures of {len(written)} columns: {dict(told.most_common())}")
    assert told.keys() <= {"drawn", *REASONS}
    assert told["drawn"] > 0.98 * len(texts)
    assert not told["stopped"], "an ordinary structure never reaches a limit of time or memory"
    assert not told["memory"]


def answered(workers, text):
    """`drawn`, or the kind of the refusal; what is refused as typed is drawn or not as of a map, without an error."""
    try:
        svg = workers.ask("draw", smiles=text, width=200, height=150, dark=False)["svg"]
    except InputError as refused:
        as_of_map = draw_svg(text, width=200, height=150, dark=False)
        assert as_of_map is None or "</svg>" in as_of_map
        return next((r for r in REASONS if r in str(refused)), f"{text}: {refused}")
    return "drawn" if svg.rstrip().endswith("</svg>") else text
