"""The wheel as a consumer has it: one name, typed, with the example running on it alone."""

import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from gatelink.version import VERSION
from hatch_build import MOVED, modules
from local.recording import Recording
from tests.library.conftest import build_wheel, run
from tests.programs import ROOT, run_program

EXAMPLE = ROOT / "examples" / "library"
RECORDING = ROOT / "tests" / "library" / "recording.py"
INFO = f"gatelink-{VERSION}.dist-info"

SAME_AS_A_STACK_FILE = {
    "network": {"natGateways": "single"},
    "backends": {
        "items": {
            "loadBalancer": "application",
            "listener": {"port": 80},
            "target": {"port": 8080, "healthCheck": {"path": "/healthz"}},
        },
        "chat": {"loadBalancer": "network", "listener": {"port": 80}, "target": {"port": 9000}},
    },
    "apis": {
        "orders": {
            "protocol": "HTTP",
            "cors": {"allowOrigins": ["https://shop.example"], "allowMethods": ["GET", "POST"]},
            "alarms": {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:pager"},
            "integrations": {
                "items": {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": "items"}
            },
            "routes": {"GET /items": {"integration": "items"}, "ANY /items/{id}": {"integration": "items"}},
        },
        "chat": {
            "protocol": "WEBSOCKET",
            "routes": {
                "$default": {
                    "integration": {
                        "integrationType": "HTTP_PROXY",
                        "integrationMethod": "POST",
                        "backend": "chat",
                        "requestParameters": {"integration.request.header.ConnectionId": "context.connectionId"},
                    }
                }
            },
        },
    },
}


def record(program: Path, site: Path) -> "subprocess.CompletedProcess[str]":
    command = (str(ROOT), str(site), str(program), "gatelink", "dev", "us-east-1")
    return subprocess.run(  # noqa: S603  (the test's own words)
        [sys.executable, "-P", str(RECORDING), *command],
        cwd=program.parent,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def recorded(program: Path, site: Path) -> Recording:
    done = record(program, site)
    assert done.returncode == 0, done.stderr
    return Recording.from_json(done.stdout)


def test_an_environment_gets_one_name(site: Path) -> None:
    assert sorted(path.name for path in site.iterdir()) == ["gatelink", INFO]
    assert sorted(path.name for path in (site / "gatelink").iterdir() if path.name != "__pycache__") == [
        "__init__.py",
        "apigateway",
        "components",
        "outputs",
        "py.typed",
        "settings",
        "version.py",
    ]


def test_the_wheel_has_every_module_and_nothing_else(wheel: Path) -> None:
    moved = {f"gatelink/{module.as_posix()}" for module in modules(ROOT)}
    own = {path.relative_to(ROOT).as_posix() for path in (ROOT / "gatelink").rglob("*.py")}
    info = {f"{INFO}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "licenses/LICENSE")}
    assert set(zipfile.ZipFile(wheel).namelist()) == moved | own | info | {"gatelink/py.typed"}


def test_the_wheel_says_what_it_needs(wheel: Path) -> None:
    about = message_from_bytes(zipfile.ZipFile(wheel).read(f"{INFO}/METADATA"))
    assert (about["Name"], about["Version"], about["Requires-Python"]) == ("gatelink", VERSION, ">=3.11")
    needed = dict(re.findall(r"^([a-z-]+)(.+)$", "\n".join(about.get_all("Requires-Dist", [])), re.MULTILINE))
    assert sorted(needed) == ["pulumi", "pulumi-aws", "pydantic", "python-jsonpath"]
    pinned = dict(re.findall(r"^([\w-]+)==(\d+\.\d+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    lower = {name: re.findall(r">=([\d.]+)", bounds) for name, bounds in needed.items()}
    assert lower == {name: [pinned[name]] for name in needed}


def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", str(tmp_path))
    (archive,) = tmp_path.glob("*.tar.gz")
    again = zipfile.ZipFile(build_wheel(archive, tmp_path))
    first = zipfile.ZipFile(wheel)
    assert {info.filename: info.CRC for info in again.infolist()} == {
        info.filename: info.CRC for info in first.infolist()
    }


def test_no_module_of_the_wheel_needs_another_name(site: Path) -> None:
    """Every module is imported with nothing of the repository on the path."""
    program = (
        "import importlib, pkgutil, sys\n"
        f"sys.path.insert(0, {str(site)!r})\n"
        "import gatelink\n"
        "names = [found.name for found in pkgutil.walk_packages(gatelink.__path__, 'gatelink.')]\n"
        "for name in names: importlib.import_module(name)\n"
        "assert len(names) > 150, names\n"
        f"assert {{name.partition('.')[0] for name in sys.modules}}.isdisjoint({[*MOVED, 'local']!r})\n"
    )
    run(sys.executable, "-P", "-c", program)


def test_the_example_makes_what_the_same_stack_file_makes(site: Path) -> None:
    example, stack_file = recorded(EXAMPLE / "__main__.py", site), run_program(SAME_AS_A_STACK_FILE)
    alarms = [
        found for found in stack_file.resources if found.type.endswith(":TargetAlarms") or "unhealthy" in found.name
    ]
    assert len(alarms) == 2  # which the example does without
    assert list(example.resources) == [found for found in stack_file.resources if found not in alarms]
    assert example.outputs == {
        "orders": stack_file.outputs["apis"]["orders"]["endpoint"],  # type: ignore[call-overload, index]
        "chat": stack_file.outputs["apis"]["chat"]["endpoint"],  # type: ignore[call-overload, index]
        "connectionsUrl": stack_file.outputs["apis"]["chat"]["connectionsUrl"],  # type: ignore[call-overload, index]
    }


def test_the_examples_own_mistake_is_named_without_a_traceback(site: Path, tmp_path: Path) -> None:
    source = (EXAMPLE / "__main__.py").read_text(encoding="utf-8")
    program = tmp_path / "__main__.py"
    program.write_text(source.replace('HttpRoute(integration="items")', 'HttpRoute(integration="itms")', 1))
    done = record(program, site)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "the shop has 1 problem:\n"
        '  apis.orders.routes["GET /items"].integration: no integration "itms" under apis.orders.integrations; '
        "did you mean items?\n"
    )
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert "".join(f"    {line}\n" for line in done.stderr.splitlines()) in readme


def test_type_checkers_know_the_types(site: Path, tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    # The AWS resources take most of the time, and their types are not what is looked at here.
    config.write_text("[mypy]\nstrict = true\n[mypy-pulumi_aws.*]\nfollow_imports = skip\n")
    wrong = tmp_path / "wrong.py"
    wrong.write_text('from gatelink import settings\nsettings.Listener(port="80", prot="HTTP")\n')
    done = subprocess.run(  # noqa: S603  (the test's own words)
        [sys.executable, "-P", "-m", "mypy", "--config-file", str(config), str(EXAMPLE / "__main__.py"), str(wrong)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert re.findall(r"error: (.+)", done.stdout) == [
        'Unexpected keyword argument "prot" for "Listener"  [call-arg]',
        'Argument "port" to "Listener" has incompatible type "str"; expected "int"  [arg-type]',
    ], done.stdout + done.stderr


PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
PROGRAMS = [block for block in re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL) if "import" in block]
MADE = {
    0: ["HttpApi", "HttpVpcLink"],
    1: ["Backend", "HttpApi", "HttpVpcLink", "Network"],
    2: ["AccountLogging", "Backend", "Network", "RestVpcLink", "WebSocketApi"],
}


@pytest.mark.parametrize("number", MADE)
def test_the_programs_of_the_manual_run(number: int, site: Path, tmp_path: Path) -> None:
    program = tmp_path / "__main__.py"
    program.write_text(PROGRAMS[number], encoding="utf-8")
    types = [resource.type for resource in recorded(program, site).resources if not resource.custom]
    assert sorted(types) == [f"gatelink:components:{name}" for name in MADE[number]]


def test_the_manual_shows_what_a_mistake_prints(site: Path, tmp_path: Path) -> None:
    (source,) = (block for block in PROGRAMS if "user_errors" in block)
    program = tmp_path / "__main__.py"
    program.write_text(source, encoding="utf-8")
    shown = re.findall(r"^    (.+)$", PAGE.partition(source)[2].partition("## ")[0], re.MULTILINE)
    assert record(program, site).stderr.splitlines() == shown
