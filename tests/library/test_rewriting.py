"""How the modules of the wheel get their names: one form of import is rewritten, every other is refused."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatch_build import LEFT_OUT, CustomBuildHook, UnknownImportError, modules, rewritten
from tests.programs import ROOT

REWRITTEN = {
    "from settings import HttpApi\n": "from gatelink.settings import HttpApi\n",
    "from settings.stages import Limits as L\n": "from gatelink.settings.stages import Limits as L\n",
    "from apigateway.rules import (\n    a,\n)\n": "from gatelink.apigateway.rules import (\n    a,\n)\n",
    "def f():\n    from components import stack\n": "def f():\n    from gatelink.components import stack\n",
    "é = 1; from settings import é\n": "é = 1; from gatelink.settings import é\n",
    "from settings import a; from components import b\n": (
        "from gatelink.settings import a; from gatelink.components import b\n"
    ),
    "from settings import a\r\n": "from gatelink.settings import a\r\n",
}

KEPT = (
    "",
    "from . import settings\n",
    "from .settings import a\n",
    "from ..apigateway import a\n",
    "from gatelink.outputs import exported\n",
    "from settings_of_mine import a\n",
    "from pulumi import settings\n",
    "import pulumi_aws as aws\n",
    "import importlib.resources\n",
    '"""Like ``from settings import HttpApi``."""\n',
    "settings = 1\nsettings.real\n",
)

REFUSED = {
    "import settings\n": "x.py:1: write it as from … import …",
    "import json, settings.stages as stages\n": "x.py:1: write it as from … import …",
    "\nif True:\n    import apigateway.rules\n": "x.py:3: write it as from … import …",
    "from  settings import a\n": "x.py:1: write it as from settings import …",
    "from settings\\\n    import a\n": "x.py:1: write it as from settings import …",
    "from settings . stages import a\n": "x.py:1: write it as from settings.stages import …",
    "import importlib\nimportlib.import_module(name)\n": "x.py:2: a computed import cannot be rewritten",
    "from importlib import import_module\nfind = import_module\n": "x.py:2: a computed import cannot be rewritten",
    "__import__('settings')\n": "x.py:1: a computed import cannot be rewritten",
}


@pytest.mark.parametrize("source", REWRITTEN)
def test_imports_of_the_moved_packages_lead_to_their_new_place(source: str) -> None:
    assert rewritten(source, "x.py") == REWRITTEN[source]


@pytest.mark.parametrize("source", KEPT)
def test_everything_else_stays_as_it_is(source: str) -> None:
    assert rewritten(source, "x.py") == source


@pytest.mark.parametrize("source", REFUSED)
def test_another_form_is_refused(source: str) -> None:
    with pytest.raises(UnknownImportError) as error:
        rewritten(source, "x.py")
    assert str(error.value) == REFUSED[source]


PACKAGES = st.sampled_from(["settings", "apigateway.rules", "components.stack", "pulumi", "settingsish", "json"])
STATEMENTS = st.one_of(
    PACKAGES.map(lambda package: f"from {package} import a"),
    st.sampled_from(["x = 'ü from settings import a'", "# from settings import a", "pass"]),
)


@given(st.lists(STATEMENTS))
def test_nothing_but_the_names_of_packages_changes(statements: list[str]) -> None:
    source = "\n".join(statements)
    found = rewritten(source, "x.py")
    assert found.replace("from gatelink.", "from ") == source
    tops = {node.module.partition(".")[0] for node in ast.walk(ast.parse(found)) if isinstance(node, ast.ImportFrom)}  # type: ignore[union-attr]
    assert tops.isdisjoint({"settings", "apigateway", "components"})


def test_every_module_can_be_rewritten_and_is_the_same_program_otherwise() -> None:
    found = list(modules(ROOT))
    assert {str(module) for module in found}.isdisjoint(LEFT_OUT)
    assert all((ROOT / left_out).is_file() for left_out in LEFT_OUT)
    for module in found:
        source = (ROOT / module).read_text(encoding="utf-8")
        assert rewritten(source, str(module)).count("\n") == source.count("\n")


def test_an_editable_install_is_refused() -> None:
    hook = CustomBuildHook(str(ROOT), {}, None, None, "", "wheel")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match=r"^gatelink cannot be installed as editable"):
        hook.initialize("editable", {})
