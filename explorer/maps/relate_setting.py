"""Settings of how to relate: what is asked for on the command line, tried by `--relate auto`, and shown with a map."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.errors import InputError

#: n / (n + this): how far the mean of an arm of n genes is believed.
ARM_SHRINKAGE = 20.0


@dataclass(frozen=True)
class Setting:
    """What is done before vectors are compared; without anything it is cosine similarity.

    Attributes
    ----------
    centred : bool
        The mean of the unit rows of each kind is subtracted and length is not brought back to 1: takes out hubs.
    whitening : float
        Vectors are divided by sd ** whitening along their principal axes, 0 to 1.
    arm_shrinkage : float or None
        The mean vector of the n genes of a chromosome arm times n / (n + arm_shrinkage) is subtracted; None: not.
    weighting : float
        Unit rows are multiplied by r / (r + weighting), r = squared length over that of the median vector of the kind:
        a weak phenotype, whose direction is mostly noise, is similar to nothing.
    """

    centred: bool = False
    whitening: float = 0.0
    arm_shrinkage: float | None = None
    weighting: float = 0.0

    def __post_init__(self) -> None:
        _check("whitening", self.whitening, 1.0)
        _check("weighting", self.weighting, 100.0)
        if self.arm_shrinkage is not None:
            _check("arms", self.arm_shrinkage, 1e6)

    @property
    def name(self) -> str:
        """`cosine`, or the steps in their order: `arms:20,whitening:0.25,weighting:0.1,centred`."""
        steps = [f"arms:{self.arm_shrinkage:g}"] if self.arm_shrinkage is not None else []
        steps += [f"whitening:{self.whitening:g}"] if self.whitening else []
        steps += [f"weighting:{self.weighting:g}"] if self.weighting else []
        return ",".join([*steps, "centred"] if self.centred else steps) or "cosine"

    @property
    def said(self) -> dict[str, str]:
        """What similarity is called: `short`, cosine or similarity, and `long`: `similarity (centred cosine)`.

        After centring or weighting it is no cosine of two vectors any more, and no longer reaches 1.
        """
        steps = ["arm-centred"] if self.arm_shrinkage is not None else []
        steps += ["partly whitened"] if self.whitening else []
        steps += ["strength-weighted"] if self.weighting else []
        steps += ["centred"] if self.centred else []
        if not steps:
            return {"short": "cosine", "long": "cosine"}
        return {"short": "similarity", "long": f"similarity ({', '.join(steps)} cosine)"}


def parse_setting(text: str) -> Setting:
    """A setting from `--relate`: `cosine`, `centred`, or steps as `Setting.name` writes them.

    Raises
    ------
    InputError
        For a step that is not known, is given twice, or has a number out of its range.
    """
    given: dict[str, object] = {}
    fields = {"arms": "arm_shrinkage", "whitening": "whitening", "weighting": "weighting", "centred": "centred"}
    for step in [] if text == "cosine" else text.split(","):
        name, colon, number = step.strip().partition(":")
        numbered = {"centred": (False,), "arms": (True, False)}.get(name, (True,))
        if name not in fields or fields[name] in given or bool(colon) not in numbered:
            raise InputError(
                f"--relate {text[:80]} is not known: say cosine, auto, or a list such as arms:20,whitening:0.25,centred"
            )
        try:
            given[fields[name]] = True if name == "centred" else float(number) if colon else ARM_SHRINKAGE
        except ValueError:
            raise InputError(f"--relate: '{number[:20]}' is not a number for {name}") from None
    return Setting(**given)


def _check(name: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise InputError(f"--relate: {name} is a number from 0 to {most:g}, not {value:g}")
