"""Memory that one step of a build has freed, given back before the next takes its own.

The C library of Linux keeps freed arrays of up to 32 MB for later, in pieces that the next step cannot use: at the size
of RxRx3-core that was an eighth of all memory.
"""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Return what is free to the system, where its C library can (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
