"""``python -m local``: see :mod:`local.cli`."""

import sys

STATUS_OF_CTRL_C = 130

if __name__ == "__main__":
    try:
        from local.cli import main

        sys.exit(main())
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.partition(".")[0] in {"local", "apigateway", "settings", "policy"}:
            raise
        sys.exit(
            f"python -m local needs what requirements.txt lists, and {missing.name} is not here: run it as "
            ".venv/bin/python -m local, after `make up` has made .venv"
        )
    except KeyboardInterrupt:
        sys.exit(STATUS_OF_CTRL_C)
