"""Puts Gatelink's packages into the wheel below ``gatelink``, so that an environment gets one name and no other.

In the repository the packages stand side by side and import each other by their own names. Names such as ``settings``
would meet those of a consumer's project: the wheel has them as ``gatelink.settings`` and so on, and their imports of
each other are rewritten while it is built. docs/decisions/0002-how-the-components-ship.md says why.
"""

import ast
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE: Final = "gatelink"

MOVED: Final = ("apigateway", "settings", "components")
"""The packages that the wheel has below ``gatelink``."""

LEFT_OUT: Final = frozenset({"settings/reference.py"})
"""What only makes this repository's documentation."""


class UnknownImportError(ValueError):
    """An import of a form that is not rewritten; the message names the line."""


def rewritten(source: str, name: str) -> str:
    """Return a module's source with its imports of the moved packages led to their place in the wheel.

    ``from settings.stages import Stage`` becomes ``from gatelink.settings.stages import Stage``; nothing else changes.
    Raises ``UnknownImportError`` for any other way to get at such a package: ``import settings``, and a name that is
    computed. ``name`` is for the message.
    """
    # ast counts columns in bytes of UTF-8; from the end, so that what is changed moves nothing that is still to come.
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt | ast.expr))
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        match node:
            case ast.ImportFrom(level=0, module=str(module)) if _is_moved(module):
                line, start = lines[node.lineno - 1], node.col_offset
                old, new = f"from {module} ".encode(), f"from {PACKAGE}.{module} ".encode()
                if not line[start:].startswith(old):
                    raise UnknownImportError(f"{name}:{node.lineno}: write it as from {module} import …")
                lines[node.lineno - 1] = line[:start] + new + line[start + len(old) :]
            case ast.Import(names=names) if any(_is_moved(alias.name) for alias in names):
                raise UnknownImportError(f"{name}:{node.lineno}: write it as from … import …")
            case ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"):
                raise UnknownImportError(f"{name}:{node.lineno}: a computed import cannot be rewritten")
            case _:
                continue
    return b"".join(lines).decode()


def _is_moved(module: str) -> bool:
    return module.partition(".")[0] in MOVED


def modules(root: Path) -> Iterator[Path]:
    """Yield the modules of the moved packages that belong into the wheel, relative to the repository."""
    for package in MOVED:
        for file in sorted((root / package).rglob("*.py")):
            module = file.relative_to(root)
            if module.as_posix() not in LEFT_OUT:
                yield module


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the rewritten packages to a wheel, and the mark that its types are for type checkers, too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the modules into a folder of their own and tell the builder where they go."""
        if version == "editable":
            raise RuntimeError("gatelink cannot be installed as editable: its packages get their names in the wheel")
        self._folder = tempfile.TemporaryDirectory(prefix="gatelink-wheel-")
        root, folder = Path(self.root), Path(self._folder.name)
        for module in modules(root):
            made = folder / PACKAGE / module
            made.parent.mkdir(parents=True, exist_ok=True)
            source = (root / module).read_text(encoding="utf-8")
            made.write_text(rewritten(source, module.as_posix()), encoding="utf-8", newline="\n")
        (folder / PACKAGE / "py.typed").touch()
        build_data["force_include"][str(folder / PACKAGE)] = PACKAGE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the folder."""
        self._folder.cleanup()
