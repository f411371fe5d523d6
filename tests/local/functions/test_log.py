import logging
from pathlib import Path

import pytest

from local.functions import process
from local.functions.outcomes import Raised, Returned, TookTooLong
from tests.local.functions.conftest import ORDERS, Make, Write


@pytest.fixture(autouse=True)
def _listen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "local.functions")


async def test_what_a_handler_prints_is_logged_before_it_is_answered(
    write: Write, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    write("""
        import os, subprocess, sys
        print("imported")
        def handler(event, context):
            print("one\\n\\ttwo")
            print("to stderr", file=sys.stderr)
            os.write(1, b"raw \\xff\\x1b[31m\\r\\n")
            subprocess.run(["echo", "from elsewhere"])
            context.log("no end")
            return 1
    """)
    functions = make()
    for _ in range(2):
        assert await functions.invoke(ORDERS, {}, timeout=30) == Returned(payload="1")
    printed = ["one", "        two", "to stderr", "raw \ufffd\\x1b[31m", "from elsewhere", "no end"]
    assert caplog.messages == [f"orders: {line}" for line in ["imported", *printed, *printed]]


async def test_a_long_line_is_logged_in_pieces(
    write: Write, make: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_LONGEST_LINE", 10)
    write("def handler(event, context): print('0123456789abc\\n\\n' + '0123456789' * 2 + 'end', end='')")
    assert await make().invoke(ORDERS, {}, timeout=30) == Returned(payload="null")
    pieces = ["0123456789", "abc", "", "0123456789", "0123456789", "end"]
    assert caplog.messages == [f"orders: {piece}" for piece in pieces]


async def test_pythons_logging_is_set_up_as_on_lambda(
    write: Write, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    write("""
        import logging
        logging.basicConfig(format="never used")
        logging.getLogger().setLevel(logging.INFO)
        def handler(event, context):
            logging.info("hello")
            logging.debug("no")
            return context.aws_request_id
    """)
    outcome = await make().invoke(ORDERS, {}, timeout=30)
    assert isinstance(outcome, Returned)
    [line] = caplog.messages
    parts = line.expandtabs().split()
    assert [parts[0], parts[1], *parts[3:]] == ["orders:", "[INFO]", outcome.payload.strip('"'), "hello"]


async def test_an_exception_is_logged_with_the_handlers_frames(
    write: Write, make: Make, caplog: pytest.LogCaptureFixture, folder: Path
) -> None:
    write("""
        def handler(event, context):
            print("before")
            raise ValueError("two\\nlines")
    """)
    await make().invoke(ORDERS, {}, timeout=30)
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("INFO", "orders: before"),
        ("ERROR", "orders: [ERROR] ValueError: two"),
        ("ERROR", "orders: lines"),
        ("ERROR", "orders: Traceback (most recent call last):"),
        ("ERROR", f'orders:   File "{folder / "app.py"}", line 4, in handler'),
        ("ERROR", 'orders:     raise ValueError("two\\nlines")'),
    ]


async def test_a_module_that_cannot_be_imported_is_logged_for_each_invocation(
    write: Write, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    write("import nowhere")
    functions = make()
    message = "Unable to import module 'app': No module named 'nowhere'"
    for _ in range(2):
        outcome = await functions.invoke(ORDERS, {}, timeout=30)
        assert outcome == Raised(type="Runtime.ImportModuleError", message=message, trace=())
    assert caplog.messages == [f"orders: [ERROR] Runtime.ImportModuleError: {message}"] * 2


async def test_a_timeout_is_logged_after_what_was_printed(
    write: Write, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    write("""
        import signal
        def handler(event, context):
            if event:
                print("before")
                signal.pause()
    """)
    functions = make()
    await functions.invoke(ORDERS, "", timeout=30)
    assert await functions.invoke(ORDERS, "sleep", timeout=1) == TookTooLong(seconds=1)
    assert caplog.messages == ["orders: before", "orders: Task timed out after 1.00 seconds"]


async def test_an_exit_is_logged(write: Write, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    write("""
        import sys
        def handler(event, context):
            print("before")
            sys.exit(1)
    """)
    await make().invoke(ORDERS, {}, timeout=30)
    assert caplog.messages == ["orders: before", "orders: Runtime exited with error: exit status 1"]
