"""The shape of the code and of the pages: which way imports go, which ids exist, and what is documented.

Imports go one way: app, cli, commands -> server -> pages -> {components, figures, queries} -> {cache, atlas} ->
science, where science = datasets, maps, statistics, annotations, chemistry, networks. A layer may import what
`ALLOWED` lists and nothing else of Keyhole.

Components come in two sorts. Those in `DRAWN` draw what they are handed and ask nothing. The others stand at the edge
of a page (search, routing, ids that come back, links that carry the map, the shell and its footer) and may look things
up in the open map. No figure does, and no component opens a map or reads a file.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dash
import pytest

from explorer import atlas, queries, server, settings
from explorer.cli import parser
from explorer.components.routing import parse_address
from tests.page_body import page_body

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "explorer"
SCIENCE = {"datasets", "maps", "statistics", "annotations", "chemistry", "networks"}
ALLOWED = {
    "errors": set(),
    "settings": {"errors"},
    "cache": {"errors"},
    "vendored": set(),
    "datasets": {"datasets", "errors"},
    "chemistry": {"chemistry", "errors"},
    "annotations": {"annotations", "errors"},
    "statistics": {"statistics", "errors"},
    "networks": {"networks", "statistics", "errors"},
    "maps": {"maps", "datasets", "statistics", "chemistry", "annotations", "errors"},
    "atlas": {"maps", "annotations", "chemistry", "errors"},
    "queries": {"queries", "cache", "atlas", "errors"} | SCIENCE,
    "figures": {"figures", "errors"},
    "components": {"components", "figures", "queries", "atlas", "chemistry", "errors"},
    "pages": {"components", "figures", "queries", "atlas", "chemistry", "errors"},
    "guard": {"errors"},
    "server": {
        "pages",
        "components",
        "figures",
        "queries",
        "atlas",
        "cache",
        "guard",
        "settings",
        "vendored",
        "chemistry",
        "errors",
    },
    "serve": {"errors"},
    "commands": {"commands", "server", "serve", "queries", "atlas", "settings", "vendored", "errors"} | SCIENCE,
    "cli": {"commands", "settings", "errors"},
    "__main__": {"cli"},
    "app": {"cli", "server", "atlas", "settings"},
}
DRAWN = {"cards", "icons", "states", "tiles"}
WEB = {"dash", "flask", "plotly", "dash_ag_grid", "dash_mantine_components", "flask_caching", "gunicorn", "werkzeug"}

#: Files past 250 lines, each with the reason why it is one page all the same.
LONG = {
    "explorer/components/network_rail.py": "the controls of the network page, from top to bottom",
    "explorer/queries/__init__.py": "the list of all questions, one name a line",
    "explorer/maps/perturbation_map.py": "the format on disk: writing, publishing and checking belong together",
    "explorer/pages/compound.py": "layout and callbacks of the largest page",
}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Dotted name, file and syntax tree of every module of the app."""
    for file in [REPOSITORY / "app.py", *sorted(PACKAGE.rglob("*.py"))]:
        name = ".".join(file.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        yield name, file, ast.parse(file.read_text(encoding="utf-8"))


def layer(name: str) -> str:
    """The folder or file directly under `explorer` that a module belongs to."""
    parts = name.split(".")
    return parts[1] if parts[0] == "explorer" and len(parts) > 1 else parts[0]


def imported(tree: ast.Module) -> set[str]:
    """Dotted names that a module imports anywhere, also inside functions."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{a.name}" for a in node.names}
    return found


MODULES = list(modules())


# ---- imports ----


def test_imports_go_one_way():
    """No layer imports one above it, and every layer is in the table."""
    wrong = []
    for name, _, tree in MODULES:
        if name == "explorer":
            continue
        for other in imported(tree):
            if other.startswith("explorer.") and layer(other) not in ALLOWED[layer(name)] | {"__version__"}:
                wrong.append(f"{name} imports {other}")
    assert not wrong


def test_science_knows_no_web():
    """Datasets, maps, statistics, annotations and chemistry run without any of the web's libraries."""
    tops = {
        n: {i.split(".")[0] for i in imported(t)} for n, _, t in MODULES if layer(n) in SCIENCE | {"atlas", "queries"}
    }
    assert not {n: found & WEB for n, found in tops.items() if found & WEB}


def test_rdkit_is_imported_in_chemistry_only():
    """Molecules are read and drawn in one place, where their limits are."""
    assert {layer(n) for n, _, t in MODULES if any(i.split(".")[0] == "rdkit" for i in imported(t))} == {"chemistry"}


def test_only_queries_memoise():
    """Nothing but a query is cached on disk."""
    users = {layer(n) for n, _, t in MODULES if any(i.startswith("explorer.cache.memoised") for i in imported(t))}
    assert users == {"queries"}


def test_only_settings_reads_the_environment():
    """Variables are read in one place; `serve` may set the number of threads before numpy is imported."""
    users = {
        n
        for n, _, t in MODULES
        for node in ast.walk(t)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert users <= {"explorer.settings", "explorer.commands.serve"}


def test_pages_do_not_import_pages():
    """A page is replaced without looking at another."""
    assert not [n for n, _, t in MODULES if layer(n) == "pages" for i in imported(t) if i.startswith("explorer.pages")]


def test_components_that_draw_ask_nothing():
    """Cards, icons, states and tiles get plain values, and no component opens a map or reads a file."""
    for name, _, tree in MODULES:
        if layer(name) != "components" or name == "explorer.components":
            continue
        called = {
            n.func.attr if isinstance(n.func, ast.Attribute) else getattr(n.func, "id", "")
            for n in ast.walk(tree)
            if isinstance(n, ast.Call)
        }
        assert not called & {"open_map", "open_atlas", "open", "read_text", "read_bytes"}, name
        if name.rpartition(".")[2] in DRAWN:
            assert not {layer(i) for i in imported(tree)} & {"queries", "atlas"}, name


# ---- files ----


def test_files_are_pages_you_can_read():
    """At most 250 lines; a longer file has its reason in `LONG`, and a reason goes when it is no longer needed."""
    long = {str(f.relative_to(REPOSITORY)) for _, f, _ in MODULES if len(f.read_text().splitlines()) > 250}
    assert long <= LONG.keys(), f"too long: {sorted(long - LONG.keys())}"


def test_public_functions_and_classes_say_what_they_are():
    """Every module, public function and public class has a docstring."""
    silent = []
    for name, _, tree in MODULES:
        silent += [] if ast.get_docstring(tree) else [name]
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{name}.{node.name}")
    assert not silent


def tracked() -> list[Path]:
    """Text files that are, or are about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [REPOSITORY / f for f in listed.stdout.splitlines()]
    return [f for f in files if f.is_file() and f.suffix not in {".npz", ".npy", ".parquet", ".png", ".jpg"}]


def test_no_path_of_one_machine_is_committed():
    """Nothing outside the tests names a folder of one machine or a private address; prose may write to /tmp/."""
    pattern = re.compile(r"/(?:work|tmp)/|/home/\w|/root\b|/Users/\w|/opt/\w|\b(?:10|192\.168)\.\d+\.\d+\.\d+\b")
    found = []
    for file in tracked():
        path = file.relative_to(REPOSITORY)
        named = {m.group() for m in pattern.finditer(file.read_text(encoding="utf-8", errors="replace"))}
        if path.parts[0] != "tests" and named - ({"/tmp/"} if path.suffix == ".md" else set()):
            found.append(f"{path}: {sorted(named)}")
    assert not found


# ---- ids and callbacks ----

#: Parts of the drawing editor, which a page has only where its script is installed.
EDITOR = (
    "structure-draw",
    "structure-editor",
    "structure-frame",
    "structure-drawn",
    "structure-use",
    "structure-close",
)
ADDRESSES = (
    "/",
    "/gene/PSMB5",
    "/compound/bortezomib",
    "/network?genes=KRAS,BRAF,RAF1,MAP2K1,BRCA1,BARD1&v=1",
    "/structure?smiles=OB(O)C(CC(C)C)NC%3DO&t=0.3",
    "/cliffs",
    "/representations?e=compound:bortezomib",
    "/set/planted:hr_core",
    "/set",
    "/quality",
    "/lists?names=KRAS,CD3,xyzzy",
    "/targets?like=CDK12&not=CDK13&ref=RBM39",
    "/compare?e=gene:RBM39,compound:indisulam@1,compound:e7820",
    "/data",
    "/help",
    "/map",
    "/map?view=heatmap",
    "/story/bortezomib",
    "/help?tour=bortezomib.2",
    "/nowhere",
    "/gene/nothing-like-it",
)


def components(node: object) -> Iterator[dict]:
    """Every component in the JSON of a layout."""
    if isinstance(node, dict):
        if "props" in node and "type" in node:
            yield node
        for value in node.values():
            yield from components(value)
    elif isinstance(node, list):
        for value in node:
            yield from components(value)


def page(client, address: str) -> list[dict]:
    path, _, search = address.partition("?")
    answer = client.post("/_dash-update-component", json=page_body(path, f"?{search}" if search else ""))
    assert answer.status_code == 200, address
    return list(components(answer.json["response"]["_pages_content"]["children"]))


def ids(found: list[dict]) -> list[str]:
    return [json.dumps(c["props"]["id"], sort_keys=True) for c in found if "id" in c["props"]]


def test_ids_are_unique(client):
    """No page has an id twice, or one that the shell or another page uses for something else."""
    shell = ids(list(components(client.get("/_dash-layout").json)))
    shared = {'"page-map"', '"unknown-entity"'}
    seen: dict[str, str] = dict.fromkeys(shell, "the shell")
    for address in ADDRESSES:
        found = ids(page(client, address))
        assert not [i for i, n in Counter(found).items() if n > 1], address
        for i in set(found) - shared:
            assert i not in seen, f"{i} is on {address} and in {seen[i]}"
            seen[i] = address


def test_every_callback_has_its_components(client):
    """Inputs, states and outputs of all callbacks exist in the shell or on some page."""
    found = list(components(client.get("/_dash-layout").json))
    many = ",".join(e.slug for e in atlas.opened("demo").map.entities.query("kind == 'gene'").head(301).itertuples())
    for address in (*ADDRESSES, "/?map=compounds-only", f"/network?genes={many}"):
        found += page(client, address)
    answer = client.post("/_dash-update-component", json=strip_body("compound:bortezomib@0.1"))
    found += list(components(answer.json["response"]))
    exist = set(ids(found)) | {
        json.dumps(i) for i in ("_pages_location", "_pages_store", "_pages_dummy", "_pages_content", *EDITOR)
    }
    kinds = {json.loads(i)["type"] for i in exist if i.startswith("{")}
    for callback in client.get("/_dash-dependencies").json:
        outputs = [o.rpartition(".")[0] for o in callback["output"].strip(".").split("...")]
        for wanted in [*outputs, *(d["id"] for d in callback["inputs"] + callback["state"])]:
            if wanted.startswith("{"):
                assert json.loads(wanted)["type"] in kinds, wanted
            else:
                assert json.dumps(wanted) in exist, wanted


def strip_body(chosen: str) -> dict:
    page_of = {"map": "demo", "entity": chosen.partition("@")[0]}
    return {
        "output": "..compound-strip.children...compound-said.children..",
        "outputs": [{"id": "compound-strip", "property": "children"}, {"id": "compound-said", "property": "children"}],
        "inputs": [
            {"id": "compound-chosen", "property": "data", "value": chosen},
            {"id": "theme", "property": "data", "value": "light"},
        ],
        "changedPropIds": ["compound-chosen.data"],
        "state": [{"id": "compound-page", "property": "data", "value": page_of}],
    }


# ---- pages ----


def test_every_page_is_in_the_list():
    """Each file of pages/ is served and says PATH (but for the 404) and TITLE."""
    files = {f.stem for f in (PACKAGE / "pages").glob("*.py")} - {"__init__", "not_found"}
    assert {p.__name__.rpartition(".")[2] for p in server.PAGES} == files
    for one in server.PAGES:
        assert isinstance(one.PATH, str)
        assert isinstance(one.TITLE, str)


def test_every_layout_draws_bare(app, opened):
    """Dash may call a layout without any argument: the answer is a page, if only one that says what is missing."""
    atlas.use(opened)
    with app.server.app_context():
        for registered in dash.page_registry.values():
            assert registered["layout"]() is not None


JUNK = (
    "", "?", "?&&", "?c=1&c=2&c=x", "?unknown=1", "?name=BRAF", "?path=/gene/BRAF", "?path=/&path=/help", "?self=1",
    "?address=x&draw=y", "?layout=1&query=2", "?of_map=x", "?map=nowhere", "?map=demo&map=nowhere", "?c=-1", "?c=NaN",
    "?c=1e999", "?c=" + "9" * 500, "?g=", "?g=,,,KRAS,nothing", "?c=%00%ff", "?%00=1", "?c=0.025%20",
    "?map=%3Cscript%3E",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_draws_whatever_the_query(render, address):
    """Junk, repeated and unknown keys never cost the page, nor put another one in its place."""
    heading = first_heading(render(address))
    for query in JUNK:
        assert first_heading(render(address + query)) == heading, query


def first_heading(page_json: str) -> str:
    headings = [c for c in components(json.loads(page_json)) if c["type"] == "H1"]
    return json.dumps(headings[0]["props"]["children"]) if headings else page_json.count("H2") and "no h1"


@pytest.mark.parametrize("key", ["name", "path", "pathname", "segment", "gene", "entity", "address", "query"])
def test_no_query_key_stands_in_for_the_path(render, key):
    """The entity comes from the path alone."""
    assert "RBM39" not in first_heading(render(f"/gene/PSMB5?{key}=RBM39"))
    assert "PSMB5" in first_heading(render(f"/gene/PSMB5?{key}=/gene/RBM39"))


@pytest.mark.parametrize("segment", ["PSMB5", "psmb5", "%50SMB5", "PSMB5/", "%20PSMB5%20", "PSMB5%00"])
def test_encoded_names_get_their_page(render, segment):
    """A name is decoded once, and its case, spaces and punctuation do not matter."""
    assert "PSMB5" in first_heading(render(f"/gene/{segment}"))


@pytest.mark.parametrize(
    "segment", ["X", "..", "%2e%2e%2fhelp", "%F0%9F%92%A9", "%2550SMB5", "x" * 9000, "-1", "0", "%00", "%"]
)
def test_unknown_names_get_a_page_that_says_so(render, segment):
    """What is not on the map is never somebody else's page, nor an empty one."""
    assert "Not on this map" in first_heading(render(f"/gene/{segment}"))


def test_every_page_draws_on_every_odd_map(client, opened):
    """Maps without controls, concentrations, structures, genes or compounds: each page draws and each table fills."""
    for key, one in opened.maps.items():
        entities = one.map.entities
        chosen = entities if key != "demo" else entities.groupby("kind").head(2)
        addresses = ["/", "/quality", "/set", "/set/list?genes=KRAS,BRAF,nothing", "/data", "/help"]
        addresses += [f"/story/{name}" for name in queries.STORIES]
        addresses += ["/map", "/map?view=heatmap", *(f"/{e.kind}/{e.slug}" for e in chosen.itertuples())]
        for address in addresses:
            found = page(client, f"{address}{'&' if '?' in address else '?'}map={key}")
            assert not [c for c in found if "k-message" in str(c["props"].get("className"))], f"{address} on {key}"
            fill(client, found)


def fill(client, found: list[dict]) -> None:
    """Ask what the browser would ask for a page that has just been drawn."""
    plain = [c["props"] for c in found if c["type"] == "Store" and isinstance(c["props"]["id"], str)]
    stores = {p["id"]: p.get("data") for p in plain}
    stores |= {"theme": "dark"} | {
        c["props"]["id"]: c["props"].get("value") for c in found if c["type"] == "MultiSelect"
    }
    present = set(ids(found))
    for callback in client.get("/_dash-dependencies").json:
        used = [d["id"] for d in callback["inputs"] + callback["state"]]
        outputs = [o.rpartition(".")[::2] for o in callback["output"].strip(".").split("...")]
        exist = all(
            json.dumps(json.loads(o) if o.startswith("{") else o, sort_keys=True) in present for o, _ in outputs
        )
        if callback["clientside_function"] or not set(used) <= stores.keys() or not exist:
            continue
        given = [{"id": json.loads(o) if o.startswith("{") else o, "property": p} for o, p in outputs]
        body = {
            "output": callback["output"],
            "outputs": given if callback["output"].startswith("..") else given[0],
            "inputs": [d | {"value": stores[d["id"]]} for d in callback["inputs"]],
            "state": [d | {"value": stores[d["id"]]} for d in callback["state"]],
            "changedPropIds": [f"{used[0]}.{callback['inputs'][0]['property']}"],
        }
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code in {200, 204}, f"{callback['output']}: {answer.get_data(as_text=True)}"


def test_an_address_is_read_once(opened):
    """Repeated keys count by their last value, long ones are cut, and a map that is not open is said."""
    atlas.use(opened)
    address = parse_address("/gene/a%2Fb/", {"c": ["1", "2"], "x": "y" * 9_999, "n": None, "map": "nowhere"})
    assert address.segment == "a/b"
    assert address.view == {"c": "2", "x": "y" * 8_000, "map": "nowhere"}
    assert address.map == opened.first
    assert "nowhere" in address.said[0]


# ---- README ----

README = REPOSITORY / "README.md"
documented = pytest.mark.skipif(not README.exists(), reason="README.md is not written yet")


@documented
def test_readme_tree_is_the_disk():
    """The tree in the README lists the folders and modules at the top and in explorer/, no more and no less."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    (tree,) = [b for b in blocks if re.search(r"^explorer/", b, flags=re.MULTILINE)]
    listed, inside = set(), ""
    for indent, name in re.findall(r"^( *)([\w.-]+/?)", tree, flags=re.MULTILINE):
        inside = inside if indent else name
        listed.add(f"{inside}{name}" if indent else name)
    on_disk = set()
    for file in tracked():
        first, *rest = file.relative_to(REPOSITORY).parts
        on_disk.add(f"{first}/" if rest else first)
        if first == "explorer":
            on_disk.add(f"explorer/{rest[0]}/" if len(rest) > 1 else f"explorer/{rest[0]}")
    on_disk = {p for p in on_disk if p.endswith(("/", ".py")) and not p.startswith(".") and "__" not in p}
    assert listed - on_disk == set(), "listed, but not there"
    assert on_disk - listed == set(), "there, but not listed"


@documented
def test_readme_names_every_setting():
    """Each variable stands in the README with its default."""
    text = README.read_text(encoding="utf-8")
    assert not [name for name, default, _ in settings.VARIABLES if name not in text or default not in text]


@documented
def test_readme_names_every_command():
    """Each command of `keyhole` stands in the README."""
    (commands,) = [a.choices for a in parser()._subparsers._group_actions if a.choices]
    text = README.read_text(encoding="utf-8")
    assert not [c for c in commands if f"keyhole {c}" not in text]


def test_every_setting_is_read(tmp_path):
    """Each variable of the table changes a value, and a variable that is not in it is refused."""
    given = {"KEYHOLE_MAPS": "a:b", "KEYHOLE_HOST": "localhost", "KEYHOLE_PORT": "1234", "KEYHOLE_CACHE": str(tmp_path)}
    given["KEYHOLE_ANNOTATIONS"] = str(tmp_path / "kept")
    assert given.keys() <= {name for name, _, _ in settings.VARIABLES}
    read = settings.read_settings(given)
    assert (read.maps, read.host, read.port, read.cache) == (("a", "b"), "localhost", 1234, tmp_path)
    assert read.annotations == tmp_path / "kept"
    assert settings.read_settings({}).maps == ("demo",)
    for wrong in ({"KEYHOLE_PROT": "1"}, {"KEYHOLE_PORT": "0"}, {"KEYHOLE_PORT": "x"}):
        with pytest.raises(settings.InputError):
            settings.read_settings(wrong)


def test_callbacks_are_short():
    """A callback reads, asks one question and draws: its body has at most 15 lines."""
    for one in server.PAGES:
        for name, function in inspect.getmembers(one, inspect.isfunction):
            source = inspect.getsource(inspect.unwrap(function))
            if "@callback" in source:
                node = ast.parse(source).body[0]
                assert node.body[-1].end_lineno - node.body[1].lineno < 15, name
