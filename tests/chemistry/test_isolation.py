"""Typed chemistry is answered or refused in words, in time, and while others are answered."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.chemistry.isolation import Isolated, Library, Limits
from explorer.errors import InputError

BORTEZOMIB = "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O"
FULLERENE = (
    "c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5c1c1c6c6c%11c2c2c7c3c3"
    "c8c4c4c9c5c1c1c6c2c3c41"
)
#: Refused before or soon after RDKit sees them: what is typed, and a word of the limit that is named.
TOO_MUCH = {
    "chain": ("C" * 1_999, "atoms"),
    "long": ("C" * 100_000, "characters"),
    "nested": ("C(" * 500 + "C" + ")C" * 500, "characters"),
    "peptide": ("NCC(=O)" * 250, "atoms"),
    "dummies": ("*" * 1_999, "atoms"),
    "dots": (".".join("C" * 100), "separate parts"),
    "letters that look alike": ("C\N{CYRILLIC CAPITAL LETTER ES}O", "ASCII"),
    "control": ("CC\x00O", "ASCII"),
    "surrogate": ("CC\ud800", "ASCII"),
    "lines": ("CC\nCC", "ASCII"),
    "empty": ("  ", "empty"),
}


#: What SMILES are put together from; most of what they give can be drawn.
PIECES = (
    "C",
    "O",
    "N",
    "CC",
    "C(=O)",
    "c1ccccc1",
    "C1CC1",
    "C(Cl)",
    "S(=O)(=O)",
    "[C@@H](F)",
    "/C=C/",
    ".",
    "C#N",
    "1",
)


@pytest.fixture(scope="module")
def chemistry():
    """Workers with the limits of the app."""
    workers = Isolated()
    yield workers
    workers.close()


def draw(workers, smiles, **more):
    return workers.ask("draw", smiles=smiles, width=200, height=160, dark=False, **more)["svg"]


def test_a_typed_structure_is_described_and_drawn(chemistry):
    """Bortezomib has its InChIKey, formula and drawing."""
    told = chemistry.ask("describe", smiles=BORTEZOMIB)
    assert told["inchikey"] == "GXJABQQUPOEUTA-RDJZCZTQSA-N"
    assert told["formula"] == "C19H25BN4O4"
    assert told["fragments"] == 1
    assert "<svg" in draw(chemistry, BORTEZOMIB)
    assert draw(chemistry, BORTEZOMIB, smarts="OBO") != draw(chemistry, BORTEZOMIB)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CC(", "near character 3"),
        ("CC)", "never opened"),
        ("C1CC", "never closed"),
        ("C(C)(C)(C)(C)C", "has 5 bonds"),
        ("CXC", "near character 2"),
        ("CC(C", "is not closed"),
    ],
)
def test_a_mistake_is_named_with_its_place(chemistry, text, said):
    """A SMILES that cannot be read says what is wrong and where."""
    with pytest.raises(InputError, match=said):
        chemistry.ask("describe", smiles=text)


@pytest.mark.parametrize("case", TOO_MUCH)
def test_what_is_too_much_is_refused_with_its_limit(chemistry, case):
    """No hostile text takes longer than the limit, and the refusal names the limit."""
    text, said = TOO_MUCH[case]
    for ask in (lambda: chemistry.ask("describe", smiles=text), lambda: draw(chemistry, text)):
        with pytest.raises(InputError, match=said):
            ask()


def test_a_cxsmiles_tail_is_read_or_said_to_be_ignored(chemistry):
    """A tail sets the double bond where it can be read; where not, that is told."""
    assert "/" in chemistry.ask("describe", smiles="CC=CC |t:1|")["smiles"]
    assert chemistry.ask("describe", smiles="CC=CC |zz:")["tail_ignored"] is True


def test_a_pattern_without_end_is_stopped_while_others_are_answered(chemistry):
    """A SMARTS that RDKit never finishes ends at the limit, and a second user does not notice."""
    draw(chemistry, BORTEZOMIB)
    refused, slowest = [], 0.0

    def attack():
        with pytest.raises(InputError, match="stopped") as said:
            chemistry.ask("match", smarts="*~" * 45 + "N", among=Library("fullerene", [FULLERENE]))
        refused.append(said)

    started = time.monotonic()
    thread = threading.Thread(target=attack)
    thread.start()
    while thread.is_alive():
        asked = time.monotonic()
        draw(chemistry, BORTEZOMIB)
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.02)
    thread.join()
    assert refused
    assert time.monotonic() - started < 10
    assert slowest < 2.0


def test_a_worker_that_was_killed_is_replaced():
    """After the operating system kills a worker, the question on it is refused in words and the next is answered."""
    workers = Isolated(Limits(workers=1))
    try:
        workers.ask("describe", smiles="CCO")
        (pid,) = workers.pids
        os.kill(pid, signal.SIGKILL)
        while pid in workers.pids:
            time.sleep(0.01)
        assert workers.ask("describe", smiles="CCO")["formula"] == "C2H6O"
    finally:
        workers.close()


def test_a_replacement_is_started_before_it_is_asked_for():
    """After a worker was stopped, another one is there without a request that waits for its start."""
    workers = Isolated(Limits(workers=1, seconds=0.5))
    try:
        workers.ask("describe", smiles="CCO")
        (first,) = workers.pids
        with pytest.raises(InputError, match="stopped"):
            workers.ask("load", key="many", smiles=["C" * 300 + "O" * (i % 40) for i in range(50_000)])
        until = time.monotonic() + 20
        while not workers.pids and time.monotonic() < until:
            time.sleep(0.02)
        assert workers.pids not in ([], [first])
        assert workers.ask("describe", smiles="CCO")["formula"] == "C2H6O"
    finally:
        workers.close()


def test_a_worker_lives_on_however_much_it_has_worked():
    """Each request has its own processor time: after seconds of honest work the same one answers."""
    workers = Isolated(Limits(workers=1, seconds=10))
    try:
        workers.ask("describe", smiles="CCO")
        (pid,) = workers.pids
        worked, i = 0.0, 0
        while worked < 1.3:
            i += 1
            workers.ask("load", key=f"{i}", smiles=["C" * (20 + j % 200) + f"c1ccccc1{'O' * i}" for j in range(500)])
            used = Path(f"/proc/{pid}/stat").read_text().split()[13:15]
            worked = sum(map(int, used)) / os.sysconf("SC_CLK_TCK")
        assert workers.ask("describe", smiles="CCO")["formula"] == "C2H6O"
        assert workers.pids == [pid]
    finally:
        workers.close()


def test_memory_is_bounded():
    """A worker that is allowed little memory refuses what needs more, and the app goes on."""
    workers = Isolated(Limits(workers=1, memory=350 * 1024**2, seconds=10))
    try:
        with pytest.raises(InputError, match="memory"):
            workers.ask("load", key="large", smiles=["C" * 250 + "O" * (i % 40) for i in range(200_000)])
        assert workers.ask("describe", smiles="CCO")["formula"] == "C2H6O"
    finally:
        workers.close()


def test_a_map_without_readable_structures_has_no_hits(chemistry):
    """RDKit refuses to look through no molecules; the answer is none."""
    none = Library("none", ["not a molecule"])
    assert chemistry.ask("match", among=none, smarts="c1ccccc1") == {"hits": []}


def test_patterns_are_found_among_the_molecules_of_a_map(chemistry):
    """Positions of the molecules with a pattern; unreadable ones are passed over, and five maps take turns."""
    smiles = ["CCO", "not a molecule", "c1ccccc1O", "CC(=O)O"]
    assert chemistry.ask("match", smarts="[OX2H]", among=Library("a", smiles))["hits"] == [0, 2, 3]
    for i in range(6):
        assert chemistry.ask("match", smarts="c", among=Library(f"map {i}", [*smiles, "c1ccccc1"]))["hits"] == [2, 4]
    assert chemistry.ask("match", smarts="[OX2H]", among=Library("a", smiles))["hits"] == [0, 2, 3]


def test_the_largest_common_substructure_of_two(chemistry):
    """Aspirin and salicylic acid share the ten atoms of salicylic acid, and each atom is named."""
    told = chemistry.ask("common", first="CC(=O)Oc1ccccc1C(=O)O", second="Oc1ccccc1C(=O)O")
    assert told["atoms"] == 10
    assert len(told["first"]) == len(told["second"]) == 10
    assert told["complete"] is True


def test_an_inchi_is_read_like_a_smiles(chemistry):
    """The InChI of ethanol gives ethanol; one that is cut short is refused as an InChI."""
    assert chemistry.ask("describe", smiles="InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3")["smiles"] == "CCO"
    with pytest.raises(InputError, match="no InChI"):
        chemistry.ask("describe", smiles="InChI=1S/C2H6O/c1-2-")


@settings(max_examples=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(alphabet="CNOPSFcnos()[]=#+-123%.@/\\HBr|:,*$~ ", max_size=60),
        st.text(max_size=40),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join),
        st.sampled_from([BORTEZOMIB, FULLERENE]).flatmap(
            lambda s: st.integers(0, len(s) - 1).map(lambda i: s[:i] + s[i + 1 :])
        ),
    )
)
def test_any_text_is_drawn_or_refused(chemistry, text):
    """No text raises anything but a refusal with a reason."""
    try:
        shown = draw(chemistry, text)
    except InputError as refused:
        shown = str(refused)
    assert "<svg" in shown or len(shown) > 10
