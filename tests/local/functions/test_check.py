import logging
import sys
from pathlib import Path

import pytest

from apigateway.errors import GatewayError
from local.functions import pool
from tests.local.functions.conftest import Make, Write


async def test_sound_handlers_pass(write: Write, make: Make) -> None:
    write("def handler(event, context): pass")
    write("class Deep:\n    def __call__(self, event, context): pass\nhandler = Deep()", "handlers/deep.py")
    await make("orders=app:handler", "deep=handlers.deep:handler").check()


@pytest.mark.parametrize(
    ("handler", "code", "complaint"),
    [
        ("app:handlr", "def handler(event, context): pass", 'module "app" has no "handlr"; did you mean "handler"?'),
        ("app:zzz", "def handler(event, context): pass", 'module "app" has no "zzz"'),
        ("ap:handler", "", 'there is no module "ap" in {folder}; did you mean "app"?'),
        ("zzz.ap:handler", "", 'there is no module "zzz" in {folder}'),
        ("lib.ordrs:handler", "", 'there is no module "lib.ordrs" in {folder}; did you mean "lib.orders"?'),
        ("app.deep:handler", "", 'there is no module "app.deep" in {folder}'),
        (
            "app:handler",
            "import nowhere",
            "module \"app\" cannot be imported: No module named 'nowhere'; handlers run with {python}",
        ),
        (
            "app:handler",
            "from json import nothing",
            "module \"app\" cannot be imported: cannot import name 'nothing' from 'json' ({json})",
        ),
        ("app:handler", "def handler(:", 'module "app" has a syntax error: invalid syntax (app.py, line 1)'),
        (
            "app:handler",
            "\nVALUE = 1 / 0",
            'importing module "app" raised ZeroDivisionError: division by zero (app.py, line 2)',
        ),
        (
            "app:handler",
            "raise ValueError('a\\nb')",
            'importing module "app" raised ValueError: a\\nb (app.py, line 1)',
        ),
        (
            "app:handler",
            "raise SystemExit(2)",
            'importing module "app" ended the process: Runtime exited with error: exit status 2',
        ),
        (
            "app:handler",
            "handler = {}",
            '"handler" of module "app" must be a function, got a value of type dict',
        ),
        (
            "app:handler",
            "async def handler(event, context): pass",
            '"handler" of module "app" must be a plain function: Lambda\'s Python runtime awaits no async def',
        ),
        ("sys:exit", "", 'module "sys" is built into Python; give yours another name'),
    ],
)
async def test_a_handler_that_cannot_be_used_is_named(
    write: Write, make: Make, folder: Path, handler: str, code: str, complaint: str
) -> None:
    write(code)
    write("", "lib/orders.py")
    with pytest.raises(GatewayError) as raised:
        await make(f"orders={handler}").check()
    where = {"folder": folder, "python": sys.executable, "json": sys.modules["json"].__file__}
    assert str(raised.value) == f'function "orders": {complaint.format(**where)}'


async def test_every_handler_is_named_and_no_traceback_logged(
    write: Write, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "local.functions")
    write("def handler(event, context): pass")
    write("1 / 0", "broken.py")
    functions = make("b=broken:handler", "a=app:handle", "c=app:handler")
    with pytest.raises(GatewayError) as raised:
        await functions.check()
    assert str(raised.value).splitlines() == [
        'function "a": module "app" has no "handle"; did you mean "handler"?',
        'function "b": importing module "broken" raised ZeroDivisionError: division by zero (broken.py, line 1)',
    ]
    assert caplog.messages == []


async def test_an_import_that_does_not_end_is_named(write: Write, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LOAD_SECONDS", 0.2)
    write("import signal\nsignal.pause()")
    with pytest.raises(GatewayError, match=r'^function "orders": importing module "app" takes longer than 0\.2 s$'):
        await make().check()


async def test_a_folder_that_is_not_there_is_named(make: Make, folder: Path) -> None:
    with pytest.raises(GatewayError) as raised:
        await make(directory=folder / "nowhere").check()
    assert str(raised.value) == 'function "orders": its process cannot be started: No such file or directory'
