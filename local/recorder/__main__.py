"""The process of one run: ``python -m local.recorder``, the request as JSON on standard input.

Prints the recording on standard output, or with exit status 3 the message for the user; whatever the program prints
itself goes to standard error.
"""

import sys
from typing import NoReturn

from local.recorder.modules import collect_seldom
from local.recorder.request import Request


def main() -> NoReturn:
    """Record the program that the request names."""
    request = Request.from_json(sys.stdin.read())
    collect_seldom()
    from local.recorder import run  # noqa: PLC0415  (most of what would be collected comes with this import)

    run.end(run.run(request))


if __name__ == "__main__":
    main()
