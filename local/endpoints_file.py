"""The file that tells clients and backends where everything is, while a gateway runs."""

import contextlib
import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

from local.gateway.endpoints import Endpoints


class EndpointsFile:
    """The file of one gateway; of two in one folder, the later one has it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = ""
        self._found = self._read()
        """What another gateway had written."""

    def write(self, endpoints: Endpoints) -> None:
        """Write the endpoints whole: a reader sees the old file or the new one."""
        self._written = endpoints.to_json() + "\n"
        self._put(self._written)

    def give_back(self) -> None:
        """Put back what another gateway had written, where it still runs; else remove the file.

        A file that another gateway has written since is left alone.
        """
        if self._read() != self._written:
            return
        if self._found and _is_running(self._found):
            self._put(self._found)
        else:
            self._path.unlink(missing_ok=True)

    def _read(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return self._path.read_text(encoding="utf-8")
        return ""

    def _put(self, text: str) -> None:
        self._path.parent.mkdir(exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._path)


def _is_running(endpoints: str) -> bool:
    """Tell whether the gateway that wrote a file answers at its own port."""
    with contextlib.suppress(ValueError, KeyError, TypeError, OSError):
        url = urlsplit(json.loads(endpoints)["console"]["endpoint"])
        with socket.create_connection((url.hostname or "", url.port or 0), timeout=1):
            return True
    return False
