"""The process that `isolation` starts: reads one request after the other, answers each, and never decides for itself.

Run as a file, so that nothing of the app is imported: `python worker.py MEMORY_BYTES CPU_SECONDS`. A request is a line
of JSON, `["describe", {"smiles": "CCO"}]`; an answer is a line of JSON with `answer`, or `refused` and why.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from explorer.chemistry import untrusted
from explorer.errors import InputError

ASKED = {f.__name__: f for f in (untrusted.describe, untrusted.draw, untrusted.load, untrusted.match, untrusted.common)}


def main(memory: int, cpu_seconds: int) -> None:
    """Answer until the app closes its end."""
    untrusted.listen()
    untrusted.describe("c1ccccc1O")
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print("ready", flush=True)
    for line in sys.stdin:
        _allow(cpu_seconds)
        print(json.dumps(_answer(line)), flush=True)


def _allow(cpu_seconds: int) -> None:
    """Give the next request its processor time. The hard limit stays as it is: only root could ever raise it again."""
    used, most = resource.getrusage(resource.RUSAGE_SELF), resource.getrlimit(resource.RLIMIT_CPU)[1]
    limit = int(used.ru_utime + used.ru_stime) + cpu_seconds + 1
    limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


def _answer(line: str) -> dict:
    try:
        name, arguments = json.loads(line)
        return {"answer": ASKED[name](**arguments)}
    except InputError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "the structure needs more memory than a typed one may use"}
    except Exception as error:  # RDKit raises many kinds; none may end the worker or reach a user as a traceback
        return {"refused": f"the structure cannot be handled ({type(error).__name__})"}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
