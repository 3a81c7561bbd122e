"""Hostile structures against a running app: how long each is worked on, what its worker takes, and who else waits.

    python benchmarks/hostile_chemistry.py

Starts `keyhole serve` with one process over the demo and a map whose compounds are hostile themselves, and sends each
case by the ordinary routes: `/depict.svg`, and the callbacks that fill the structure and compare pages. During each
case a second user asks for the compound page, for the drawing of a map compound and for that of a typed structure, one
after the other; the worst latency of each stands beside the worst of an idle time. Memory is the resident memory of the
largest worker, read from /proc every 10 ms. Leaves with 1 where a case takes more than 2.5 s or a worker over 2 GB.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY)]

from rdkit import Chem, RDLogger  # noqa: E402

from explorer.chemistry.isolation import MEMORY  # noqa: E402

PROMISED_SECONDS = 2.5
#: What a second user asks for meanwhile.
ORDINARY = {
    "compound page": ("page", "/compound/bortezomib", ""),
    "drawing": ("get", "/structure/bortezomib.svg?w=300", ""),
    "typed": ("get", "/depict.svg?smiles=CC(%3DO)Oc1ccccc1C(%3DO)O", ""),
}


@dataclass(frozen=True)
class Case:
    """A hostile request: `get` a URL, ask for a `page` by path and query, or `common` of two compounds of a map."""

    name: str
    kind: str
    path: str
    query: str = ""
    at_once: int = 1


def main() -> int:
    """Print the table; 1 where a promise is broken."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    RDLogger.DisableLog("rdApp.*")
    with tempfile.TemporaryDirectory(prefix="keyhole-hostile-") as folder:
        hostile = hostile_map(Path(folder))
        server, site = served(Path(folder), hostile)
        try:
            return measured(site, server.pid)
        finally:
            server.terminate()
            server.wait()


def measured(site: str, pid: int) -> int:
    """Every case, and what is seen meanwhile."""
    for kind, path, query in ORDINARY.values():
        ask(site, kind, path, query)
    idle = watched(site, pid, lambda: time.sleep(4))
    print(
        f"load {os.getloadavg()[0]:.1f} at the start; idle: {_latencies(idle['latency'])}; worker {idle['mb']:.0f} MB"
    )
    head = ("case", "answer", "s", "worker, MB", *(f"{name}, ms" for name in ORDINARY))
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    broken, worst = 0, {"s": 0.0, "mb": 0.0}
    for case in cases():
        seen = watched(site, pid, lambda c=case: several(site, c))
        answers = " ".join(sorted(set(seen["told"])))
        late = seen["s"] > PROMISED_SECONDS or seen["mb"] > MEMORY / 1e6
        broken += late
        worst = {k: max(worst[k], seen[k]) for k in worst}
        row = (case.name, answers, f"{seen['s']:.2f}", f"{seen['mb']:.0f}")
        print("| " + " | ".join(row + tuple(f"{seen['latency'].get(n, 0) * 1e3:.0f}" for n in ORDINARY)) + " |"
              + ("  <- past the limit" if late else ""), flush=True)  # fmt: skip
        time.sleep(0.8)
    print(f"worst: {worst['s']:.2f} s, {worst['mb']:.0f} MB; load {os.getloadavg()[0]:.1f} at the end; {broken} past")
    return 1 if broken else 0


def watched(site: str, pid: int, act: object) -> dict:
    """Do it, and see meanwhile how long others wait and how much memory the largest worker has."""
    seen, over = {"latency": {}, "mb": 0.0}, threading.Event()

    def others() -> None:
        for name, (kind, path, query) in itertools.cycle(ORDINARY.items()):
            started = time.monotonic()
            ask(site, kind, path, query)
            seen["latency"][name] = max(seen["latency"].get(name, 0), time.monotonic() - started)
            if over.is_set() and len(seen["latency"]) == len(ORDINARY):
                return

    def memory() -> None:
        while not over.is_set():
            seen["mb"] = max([seen["mb"], *(resident(p) for p in workers(pid))])
            time.sleep(0.01)

    watching = [threading.Thread(target=others), threading.Thread(target=memory)]
    for thread in watching:
        thread.start()
    started = time.monotonic()
    try:
        seen["told"] = act()
        seen["s"] = time.monotonic() - started
    finally:
        over.set()
        for thread in watching:
            thread.join()
    return seen


def several(site: str, case: Case) -> list[str]:
    """The case, from as many users at once as it says; what each is answered."""
    told: list[str] = []
    users = [
        threading.Thread(target=lambda: told.append(ask(site, case.kind, case.path, case.query)))
        for _ in range(case.at_once)
    ]
    for user in users:
        user.start()
    for user in users:
        user.join()
    return told


def ask(site: str, kind: str, path: str, query: str) -> str:
    """One request by the ordinary routes; `drawn`, `answered`, or `refused`, never an error of the server."""
    if kind == "get":
        asked = Request(site + path)
    else:
        body = common_body(path, query) if kind == "common" else page_body(path, query)
        asked = Request(
            f"{site}/_dash-update-component", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
    try:
        with urlopen(asked, timeout=60) as answer:
            text = answer.read().decode()
            return (
                "drawn" if "<svg" in text else "refused" if "k-banner" in text or "Not compared" in text else "answered"
            )
    except HTTPError as error:
        if error.code >= 500:
            raise
        return f"refused {error.code}"


def page_body(path: str, query: str) -> dict:
    """The callback by which the browser asks for a page."""
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": path},
            {"id": "_pages_location", "property": "search", "value": query},
        ],
        "changedPropIds": ["_pages_location.pathname"],
        "state": [{"id": "_pages_location", "property": "pathname", "value": path}],
    }


def common_body(of_map: str, compounds: str) -> dict:
    """The callback by which the compare page asks what two structures share."""
    page = {"map": of_map, "perturbations": compounds.split(","), "kind": "compound", "against": None, "other": None}
    return {
        "output": "compare-shared.children",
        "outputs": {"id": "compare-shared", "property": "children"},
        "inputs": [{"id": "compare-page", "property": "data", "value": page}],
        "changedPropIds": ["compare-page.data"],
        "state": [],
    }


def cases() -> list[Case]:
    """The cases that were measured to be hostile, each by every route that takes it."""
    nested = {n: "C(" * n + "C" + ")C" * n for n in (500, 5_000, 50_000)}
    endless = "*~" * 45 + "[#92]"
    texts = {
        "chain of 150 atoms": "C" * 150,
        "chain of 1,000 atoms": "C" * 1_000,
        "chain of 1,999 atoms": "C" * 1_999,
        "chain of 100,000 atoms": "C" * 100_000,
        **{f"brackets nested {n:,} deep": text for n, text in nested.items()},
        "brackets nested within 2,000 characters": "C(" * 499 + "C" + ")C" * 499,
        "peptide of 36 residues": "NCC(=O)" * 36 + "O",
        "peptide of 250 residues": "NCC(=O)" * 250,
        "149 dummies": "*" * 149,
        "2,000 dummies": "*" * 2_000,
        "20 parts": ".".join("C" * 20),
        "1,000 parts": ".".join("C" * 1_000),
        "ring of 40 atoms": "C1" + "C" * 38 + "C1",
        "ring of 100 atoms": "C1" + "C" * 98 + "C1",
        "ring of 149 atoms": "C1" + "C" * 147 + "C1",
        "saturated sheet, 142 atoms": sheet(7, 8, saturated=True),
        "saturated sheet 30 x 30": sheet(30, 30, saturated=True),
        "aromatic sheet, 142 atoms": sheet(7, 8, saturated=False),
        "acene of 35 rings": sheet(1, 35, saturated=False),
        "acene of 200 rings": sheet(1, 200, saturated=False),
        "60 stereocentres": "[C@H](F)(Cl)" + "[C@@H](F)[C@H](Cl)" * 29 + "C",
        "C60": fullerene(),
    }
    found = [Case(f"{n}: page", "page", "/structure", f"?smiles={quote(t)}") for n, t in texts.items()]
    found += [
        Case(f"{n}: drawing", "get", f"/depict.svg?smiles={quote(t)}") for n, t in texts.items() if len(t) < 2_500
    ]
    lattice = quote(sheet(7, 7, saturated=True))
    pattern = f"/depict.svg?smiles={lattice}&smarts={quote(endless)}"
    return [
        *found,
        Case("endless SMARTS on a typed sheet", "get", pattern),
        Case("endless SMARTS on a typed sheet, 2 users at once", "get", pattern, at_once=2),
        Case(
            "endless SMARTS over a map of sheets", "page", "/structure", f"?map=sheets&mode=sub&smiles={quote(endless)}"
        ),
        Case("common part of two saturated sheets", "common", "sheets", "compound:sheet-a@1,compound:sheet-b@1"),
        Case("common part of two aromatic sheets", "common", "sheets", "compound:sheet-c@1,compound:sheet-d@1"),
    ]


def sheet(rows: int, columns: int, *, saturated: bool) -> str:
    """SMILES of a sheet of rows x columns six-membered rings."""
    edges, atoms = set(), {}
    for row, column in itertools.product(range(rows), range(columns)):
        x, y = 2 * column + row, row
        corners = [(x, y), (x + 1, y), (x + 2, y), (x + 2, y + 1), (x + 1, y + 1), (x, y + 1)]
        edges |= {tuple(sorted((a, b))) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)}
    molecule = Chem.RWMol()
    for corner in sorted({c for edge in edges for c in edge}):
        atoms[corner] = molecule.AddAtom(Chem.Atom(6))
    kind = Chem.BondType.SINGLE
    for one, other in sorted(edges):
        molecule.AddBond(atoms[one], atoms[other], kind)
    if not saturated:
        for atom in molecule.GetAtoms():
            atom.SetIsAromatic(True)
        for bond in molecule.GetBonds():
            bond.SetBondType(Chem.BondType.AROMATIC)
            bond.SetIsAromatic(True)
    return Chem.MolToSmiles(molecule, canonical=False)


def fullerene() -> str:
    """SMILES of C60."""
    return (
        "c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5c1c1c6c6c%11c2c2c7c3c3"
        "c8c4c4c9c5c1c1c6c2c3c41"
    )


def hostile_map(folder: Path) -> Path:
    """A map of a few compounds that are sheets of rings."""
    made = {
        "sheet-a": sheet(5, 5, saturated=True),
        "sheet-b": sheet(4, 6, saturated=True),
        "sheet-c": sheet(5, 5, saturated=False),
        "sheet-d": sheet(4, 6, saturated=False),
    }
    lines = ["label,kind,um,batch,smiles,f0,f1,f2,f3"]
    for n, (name, smiles) in enumerate(made.items()):
        lines += [f"{name},compound,1,{b},{smiles},{n},{b},{n * b},1" for b in (1, 2)]
    lines += [f"gene{n},gene,,{b},,{n % 3},{n % 5},{b},{n}" for n in range(12) for b in (1, 2)]
    table = folder / "sheets.csv"
    table.write_text("\n".join(lines) + "\n")
    columns = ["--label", "label", "--kind", "kind", "--concentration", "um", "--batch", "batch", "--smiles", "smiles"]
    command = [sys.executable, "-m", "explorer", "build", "table", str(table), *columns, "--features", "^f"]
    done = subprocess.run(
        [*command, "--align", "none", "--name", "sheets", "--out", str(folder / "sheets")],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return folder / "sheets"


def served(folder: Path, hostile: Path) -> tuple[subprocess.Popen, str]:
    """A server of one process over both maps, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "explorer", "serve", "demo", str(hostile), "--port", str(port)]
    settings = {"KEYHOLE_CACHE": str(folder / "cache"), "KEYHOLE_ANNOTATIONS": str(folder / "known")}
    server = subprocess.Popen(
        [*command, "--workers", "1", "--threads", "8"], cwd=REPOSITORY, env=os.environ | settings,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    site = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urlopen(f"{site}/healthz", timeout=2).close()
            return server, site
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise SystemExit("the server did not start")


def workers(pid: int) -> list[int]:
    """Processes below the server that read structures."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"chemistry/worker.py" in (folder / "cmdline").read_bytes() and ancestor(int(folder.name), pid):
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


def ancestor(process: int, pid: int) -> bool:
    """Whether a process is below another."""
    while process > 1:
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        if process == pid:
            return True
    return False


def resident(process: int) -> float:
    """Largest resident memory of a process so far, MB."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1e3 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def _latencies(seen: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds * 1e3:.0f} ms" for name, seconds in seen.items())


if __name__ == "__main__":
    sys.exit(main())
