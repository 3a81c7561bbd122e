"""What can go wrong, in words a scientist can act on.

Every message says what is wrong, where, and what would put it right. The command line prints the message alone and
leaves with `exit_code`; pages show it; no traceback reaches a user.
"""


class KeyholeError(Exception):
    """Anything Keyhole refuses to do, with its reason."""

    exit_code = 1


class InputError(KeyholeError):
    """A file, column, option or value that cannot be used."""

    exit_code = 2


class MapError(KeyholeError):
    """A map folder that is missing, half-written, changed or from a newer Keyhole."""

    exit_code = 3


class UnknownEntity(KeyholeError):
    """A gene or compound that is not on the map; `closest` holds the nearest labels."""

    exit_code = 4

    def __init__(self, message: str, *, closest: tuple[str, ...] = ()):
        super().__init__(message)
        self.closest = closest
