"""Parsing that all commands share: errors as sentences, numbers within limits, `--json` and `--debug`."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import NoReturn

from explorer.errors import InputError


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `InputError` instead of printing its usage, and takes no abbreviated options."""

    def __init__(self, *args: object, **options: object):
        super().__init__(*args, **{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments, pointing to the help of the command."""
        raise InputError(f"{message}; see `{self.prog} --help`")


def common(*, json: bool = True) -> Parser:
    """Options of every command, as a parent parser."""
    parent = Parser(add_help=False)
    if json:
        parent.add_argument("--json", action="store_true", help="one JSON document on stdout and nothing else")
    parent.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parent


def checked(kind: type, low: float, high: float) -> Callable[[str], float]:
    """An argument type: a number of a kind, within limits."""

    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            whole = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"'{text[:40]}' is not {whole} from {low:g} to {high:g}")
        return value

    return parse


shared_port = checked(int, 1, 65535)


def pair(text: str) -> tuple[str, str]:
    """An argument type: `COLUMN=VALUE`."""
    name, equals, value = text.partition("=")
    if not (equals and name and value):
        raise argparse.ArgumentTypeError(f"'{text[:60]}' is not of the form COLUMN=VALUE")
    return name, value


def kind_values(text: str) -> dict[str, str]:
    """An argument type: `gene=crispr,compound=compound`."""
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(equals and kind and value for kind, equals, value in pairs):
        raise argparse.ArgumentTypeError(f"'{text[:60]}' is not of the form gene=VALUE,compound=VALUE")
    return {kind.strip(): value for kind, _, value in pairs}
