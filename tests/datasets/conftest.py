"""Tiny files of exactly the published schemas, holding every trap that the loaders promise to survive."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

METADATA_HEADER = (
    "well_id,experiment_name,plate,address,gene,treatment,SMILES,concentration,perturbation_type,cell_type"
)
DEQUALINIUM = "CC1=[N+](CCCCCCCCCC[N+]2=C(C)C=C(N)C3=CC=CC=C23)C2=CC=CC=C2C(N)=C1 |c:1,13,21,29,31,35,t:16,19,23,27|"
# As the source writes them: a blinded gene, controls of three kinds, a CXSMILES tail with commas, a truncated name.
METADATA_ROWS = (
    "gene-079_8_H29,gene-079,8,H29,RPLP2,RPLP2_guide_4,,,CRISPR,HUVEC",
    "gene-079_8_H30,gene-079,8,H30,RPLP2,RPLP2_guide_5,,,CRISPR,HUVEC",
    "gene-045_4_AD27,gene-045,4,AD27,RXRX3-43938,RXRX3-43938_guide_6,,,CRISPR,HUVEC",
    "gene-060_9_P28,gene-060,9,P28,EMPTY_control,EMPTY_control,,,CRISPR,HUVEC",
    f'compound-001_19_D20,compound-001,19,D20,,Dequalinium,"{DEQUALINIUM}",0.25,COMPOUND,HUVEC',
    f'compound-001_19_D21,compound-001,19,D21,,Dequalinium,"{DEQUALINIUM}",2.5,COMPOUND,HUVEC',
    "compound-001_11_U08,compound-001,11,U08,,EMPTY_control,,,COMPOUND,HUVEC",
    "compound-004_43_B08,compound-004,43,B08,,CRISPR_control,,,COMPOUND,HUVEC",
    'compound-002_1_A01,compound-002,1,A01,,Dactolisib (BEZ235,"CN1C(=O)N(C)C |t:2|",10.0,COMPOUND,HUVEC',
)
WELLS = tuple(row.split(",", 1)[0] for row in METADATA_ROWS)


def metadata_text(rows=METADATA_ROWS, *, well_type: bool = False) -> str:
    header = METADATA_HEADER + (",well_type_label" if well_type else "")
    return "\n".join([header, *(row + (",query" if well_type else "") for row in rows)]) + "\n"


def embeddings(wells, *, dimensions: int = 8, seed: int = 0) -> pa.Table:
    values = np.random.default_rng(seed).normal(size=(len(wells), dimensions)).astype(np.float32)
    return embeddings_of(wells, values)


def embeddings_of(wells, values: np.ndarray) -> pa.Table:
    columns = {"well_id": pa.array(list(wells), pa.string())}
    return pa.table(columns | {f"feature_{i}": pa.array(column) for i, column in enumerate(values.T)})


def write_tar(path: Path, plates: dict[str, pa.Table]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, table in plates.items():
            buffer = io.BytesIO()
            pq.write_table(table, buffer)
            member = tarfile.TarInfo(name)
            member.size = buffer.tell()
            buffer.seek(0)
            archive.addfile(member, buffer)


def write_gzip(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()))
    return path


def write_rows(path: Path, rows: list[dict]) -> Path:
    pd.DataFrame(rows).to_csv(path, index=False, sep="\t" if ".tsv" in path.name else ",")
    return path


@pytest.fixture
def core_folder(tmp_path) -> Path:
    """RxRx3-core with OpenPhenom embeddings, in another order than the metadata."""
    folder = tmp_path / "core"
    folder.mkdir()
    (folder / "metadata_rxrx3_core.csv").write_text(metadata_text())
    pq.write_table(embeddings(WELLS[::-1]), folder / "OpenPhenom_rxrx3_core_embeddings.parquet")
    return folder


@pytest.fixture
def rxrx3_plates() -> dict[str, pa.Table]:
    """Plates of RxRx3 by their path in the archive; the last has a well that the metadata does not list."""
    plates: dict[str, list[str]] = {}
    for well in (*WELLS, "gene-060_9_P29"):
        experiment, plate, _ = well.split("_")
        plates.setdefault(f"{experiment}/Plate{plate}/embeddings.parquet", []).append(well)
    return {name: embeddings(wells, seed=number) for number, (name, wells) in enumerate(plates.items())}


@pytest.fixture
def rxrx3_folder(tmp_path, rxrx3_plates) -> Path:
    """RxRx3 with `embeddings.tar`, which also holds a folder entry and a macOS companion file."""
    folder = tmp_path / "rxrx3"
    folder.mkdir()
    (folder / "metadata_rxrx3.csv").write_text(metadata_text())
    write_tar(folder / "embeddings.tar", rxrx3_plates)
    with tarfile.open(folder / "embeddings.tar", "a") as archive:
        entry = tarfile.TarInfo("gene-999")
        entry.type = tarfile.DIRTYPE
        archive.addfile(entry)
        junk = tarfile.TarInfo("gene-079/Plate8/._embeddings.parquet")
        junk.size = 4
        archive.addfile(junk, io.BytesIO(b"junk"))
    return folder


JUMP_TABLES = {
    "well": "Metadata_Source,Metadata_Plate,Metadata_Well,Metadata_JCP2022\n"
    "source_13,P1,A01,JCP2022_800001\nsource_13,P1,A02,JCP2022_800002\nsource_13,P1,A03,JCP2022_805264\n"
    "source_13,P1,A04,JCP2022_800003\nsource_13,P1,A05,JCP2022_999999\nsource_13,P1,A06,JCP2022_800003\n"
    "source_3,P2,A01,JCP2022_033924\nsource_3,P2,A02,JCP2022_000001\nsource_3,P2,A03,JCP2022_085227\n"
    "source_4,P3,A01,JCP2022_900002\nsource_4,P3,A02,JCP2022_777777\n"
    "source_3,P9,A01,JCP2022_000001\n",
    "plate": "Metadata_Source,Metadata_Batch,Metadata_Plate,Metadata_PlateType\n"
    "source_13,CP-CC9-R1,P1,CRISPR\nsource_3,CP59,P2,COMPOUND\n",
    "compound": "Metadata_JCP2022,Metadata_InChIKey,Metadata_InChI,Metadata_SMILES\n"
    "JCP2022_000001,AAAA-BBBB-N,InChI=1S/x,CCO\nJCP2022_085227,CCCC-DDDD-N,InChI=1S/y,CCN\n"
    "JCP2022_033924,IAZD-UHFF-N,InChI=1S/z,CS(C)=O\n",
    "crispr": "Metadata_JCP2022,Metadata_NCBI_Gene_ID,Metadata_Symbol\n"
    "JCP2022_800001,,no-guide\nJCP2022_800002,,non-targeting\nJCP2022_800003,2,A2M\nJCP2022_805264,5347,PLK1\n",
    "orf": "Metadata_JCP2022,Metadata_broad_sample,Metadata_Name,Metadata_Vector,Metadata_Transcript,Metadata_Symbol\n"
    "JCP2022_900002,ccsb,ORF1,pLX,NM_1,AARS1\n",
}
JUMP_WELLS = (
    *(("source_13", "P1", f"A0{n}") for n in range(1, 6)),
    *(("source_3", "P2", f"A0{n}") for n in range(1, 4)),
    *(("source_4", "P3", f"A0{n}") for n in range(1, 4)),
)


def jump_profiles(wells=JUMP_WELLS, *, seed: int = 0) -> pa.Table:
    """Profiles as the assembled files hold them; the last well is not in the metadata."""
    random = np.random.default_rng(seed)
    columns = dict(zip(("Metadata_Source", "Metadata_Plate", "Metadata_Well"), zip(*wells, strict=True), strict=True))
    columns = {name: list(values) for name, values in columns.items()}
    features = {f"X_{i}": random.normal(size=len(wells)) for i in range(1, 5)}
    return pa.table(columns | features | {"Cells_Count_Count": random.integers(50, 90, len(wells)).astype(float)})


@pytest.fixture
def jump_folder(tmp_path) -> Path:
    """JUMP-CP with assembled profiles and all five metadata tables."""
    folder = tmp_path / "jump"
    for name, text in JUMP_TABLES.items():
        write_gzip(folder / "metadata" / f"{name}.csv.gz", text)
    (folder / "profiles").mkdir()
    pq.write_table(jump_profiles(), folder / "profiles" / "all.parquet")
    return folder
