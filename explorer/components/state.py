"""Long views in short links: a list of names in an address is compressed, and a plain one is still read.

A link whose query is longer than `LONGEST_PLAIN` carries its long values in `z=`: their query string, zlib, base64url.
This is the only place that writes or reads it.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

#: Characters of a query that are left as they are, of a packed value, and of what it may unpack to.
LONGEST_PLAIN, LONGEST_PACKED, LONGEST = 1_500, 7_000, 60_000
#: Keys of a view that may hold many names.
LISTS = ("genes", "names", "e", "like", "not", "compounds")


def packed(view: Mapping[str, str]) -> dict[str, str]:
    """The view of a link, its lists in `z` where it would be too long; else the view itself."""
    lists = {k: v for k, v in view.items() if k in LISTS and v}
    if len("&".join(f"{k}={quote(v)}" for k, v in view.items())) <= LONGEST_PLAIN or not lists:
        return dict(view)
    compressed = zlib.compress(urlencode(lists).encode("ascii"), level=9)
    rest = {k: v for k, v in view.items() if k not in lists}
    return rest | {"z": base64.urlsafe_b64encode(compressed).rstrip(b"=").decode("ascii")}


def unpacked(z: str) -> dict[str, str] | None:
    """The lists of a `z`, or None where it is cut, changed or unpacks to more than `LONGEST` characters."""
    if len(z) > LONGEST_PACKED or not z.isascii():
        return None
    try:
        content = base64.b64decode(z + "=" * (-len(z) % 4), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        text = reader.decompress(content, LONGEST)
        if not reader.eof or reader.unused_data:
            return None
        pairs = dict(parse_qsl(text.decode("ascii"), strict_parsing=True, max_num_fields=len(LISTS)))
    except (binascii.Error, zlib.error, ValueError):
        return None
    return pairs if pairs.keys() <= set(LISTS) else None
