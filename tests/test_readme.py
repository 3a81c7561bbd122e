"""The README says what is there: its command lines for real data are the ones that are tested."""

from pathlib import Path

from tests.real.commands import COMMANDS

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_command_lines_for_real_data_are_the_tested_ones():
    """Every `keyhole build table` line that the real-data tests run stands in the README, and no other."""
    flat = " ".join(README.replace("\\\n", " ").split())
    for command in COMMANDS.values():
        assert " ".join(command.split()) in flat
    assert flat.count("keyhole build table") == len(COMMANDS)


def test_there_are_exactly_two_set_up_commands():
    """One line opens the app, one runs the tests."""
    start = README.split("## Start")[1].split("##")[0]
    blocks = [block.split("```")[0].strip() for block in start.split("```sh")[1:]]
    assert len(blocks) == 2
    assert all("\n" not in block for block in blocks)
