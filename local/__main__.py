"""``python -m local``: see :mod:`local.cli`."""

import sys

STATUS_OF_CTRL_C = 130

if __name__ == "__main__":
    try:
        from local.cli import main

        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(STATUS_OF_CTRL_C)
