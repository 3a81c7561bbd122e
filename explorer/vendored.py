"""Scripts of others that are not committed: which packages, pinned to one file by its hash, and where they are served.

`keyhole assets` brings them through npm; the app works without, and says what each would add.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Where they are unpacked and served from; ignored by git, and never loaded by the pages on their own.
VENDOR = Path(__file__).resolve().parent.parent / "assets" / "vendor"


@dataclass(frozen=True)
class Package:
    """A package of the npm registry, and what of it is wanted.

    Parameters
    ----------
    name, version : str
    integrity : str
        `sha512-` and the base64 digest of the package file, as npm writes it.
    wanted : tuple of str
        Patterns of the files to unpack, from the package's root; `*` also passes over `/`.
    folder : str
        Where in `VENDOR` they go.
    entry : str
        The file that a page loads.
    adds, without : str
        What the app does with it, and what without.
    """

    name: str
    version: str
    integrity: str
    wanted: tuple[str, ...]
    folder: str
    entry: str
    adds: str
    without: str

    def installed(self, vendor: Path = VENDOR) -> bool:
        """Whether the file that a page loads is there."""
        return (vendor / self.folder / self.entry).is_file()

    @property
    def url(self) -> str:
        """Address of the file that a page loads."""
        return f"/assets/vendor/{self.folder}/{self.entry}"


#: Plotly without `eval`, of the version that plotly.py carries.
PLOTLY = Package(
    name="plotly.js-strict-dist-min",
    version="4.1.1",
    integrity="sha512-/M2gRAF8LeqafKIO/bUU+DQk7RlonVbwpPb2G/jZsfqCl/DttBfvF+wQfZ6vT9y9EKy47eDI/zfIWC/uA1L6TQ==",
    wanted=("plotly-strict.min.js", "LICENSE"),
    folder="plotly",
    entry="plotly-strict.min.js",
    adds="maps of many thousand points are drawn by WebGL",
    without="points are drawn as SVG",
)
#: JSME, the molecule editor of Bienfait and Ertl, doi:10.1186/1758-2946-5-24 (BSD-3-Clause).
JSME = Package(
    name="jsme-editor",
    version="0.8.2",
    integrity="sha512-qjPe2CsxWmDlW6brK41e2hsRdFTui8rJwOgk2GkSYTK0l+EljmmC9znp46IqRxOBQWPqJZCPo/MefOJmzeIUOQ==",
    wanted=("jsme.nocache.js", "*.cache.js", "*.cache.png", "deferredjs/*", "gwt/*", "jsa.css", "*.gif", "license.txt"),
    folder="jsme",
    entry="jsme.nocache.js",
    adds="structures can be drawn on the Structure page",
    without="structures are typed or pasted as SMILES",
)
PACKAGES = (PLOTLY, JSME)
