import asyncio
import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from apigateway.arns import LambdaFunction
from apigateway.json_path import JsonValue
from local.functions import pool
from local.functions.outcomes import Broken, Invocation, NoHandler, Raised, Returned, TookTooLong
from local.functions.pool import Functions
from tests.local.functions.conftest import MEET, ORDERS, Make, Meeting, Write

SLEEP = """
    import os, signal

    def handler(event, context):
        if event == "sleep":
            signal.pause()
        return os.getpid()
    """


def value_of(outcome: Invocation) -> object:
    assert isinstance(outcome, Returned)
    return json.loads(outcome.payload)


async def pid_of(functions: Functions, event: str = "", function: LambdaFunction = ORDERS) -> int:
    pid = value_of(await functions.invoke(function, event, timeout=30))
    assert isinstance(pid, int)
    return pid


async def test_a_handler_gets_the_event_and_what_it_returns_comes_back(write: Write, make: Make) -> None:
    write("def handler(event, context): return {'got': event}")
    event: JsonValue = {"text": "né \ud800 \x00", "list": [1, 2.5, None, True], "long": "x" * 3_000_000}
    outcome = await make().invoke(ORDERS, event, timeout=30)
    assert value_of(outcome) == {"got": event}


async def test_an_event_that_is_nested_too_deeply_is_the_error_that_it_is_on_lambda(write: Write, make: Make) -> None:
    write(SLEEP)
    functions = make()
    pid = await pid_of(functions)
    event: JsonValue = []
    for _ in range(2000):
        event = [event]
    outcome = await functions.invoke(ORDERS, event, timeout=30)
    assert isinstance(outcome, Raised)
    assert (outcome.type, outcome.trace) == ("Runtime.UnmarshalError", ())
    assert outcome.message.startswith("Unable to unmarshal input: maximum recursion depth exceeded")
    assert await pid_of(functions) == pid


async def test_the_context_is_that_of_lambda(write: Write, make: Make) -> None:
    write("""
        def handler(event, context):
            names = ("function_name function_version invoked_function_arn memory_limit_in_mb log_group_name "
                     "log_stream_name aws_request_id client_context").split()
            return {**{name: getattr(context, name) for name in names},
                    "identity": context.identity.cognito_identity_id,
                    "remaining": context.get_remaining_time_in_millis()}
    """)
    arn = f"{ORDERS.arn}:live"
    context = value_of(await make().invoke(LambdaFunction.parse(arn), {}, timeout=30))
    assert isinstance(context, dict)
    assert len(context.pop("aws_request_id")) == 36
    assert "/[$LATEST]" in context.pop("log_stream_name")
    assert 0 < context.pop("remaining") <= 30_000
    assert context == {
        "function_name": "orders",
        "function_version": "$LATEST",
        "invoked_function_arn": arn,
        "memory_limit_in_mb": "128",
        "log_group_name": "/aws/lambda/orders",
        "client_context": None,
        "identity": None,
    }


async def test_the_users_folder_comes_first_and_nothing_of_gatelink_is_imported(
    write: Write, make: Make, folder: Path
) -> None:
    write("VALUE = 'mine'", "local/__init__.py")
    write("VALUE = 'mine, too'", "worker.py")
    write("""
        import os, sys, local, worker
        def handler(event, context):
            return [sys.path[0], os.getcwd(), local.VALUE, worker.VALUE, "apigateway" in sys.modules, sys.argv[1:]]
    """)
    outcome = await make().invoke(ORDERS, {}, timeout=30)
    assert value_of(outcome) == [str(folder), str(folder), "mine", "mine, too", False, []]


async def test_the_environment_is_the_functions_own(write: Write, make: Make) -> None:
    write("""
        import os
        REGION = os.environ["AWS_REGION"]
        def handler(event, context): return [REGION, os.environ["TABLE"], os.environ["AWS_LAMBDA_FUNCTION_NAME"]]
    """)
    functions = make(environment={"TABLE": "t"})
    elsewhere = replace(ORDERS, region="us-west-2")
    assert value_of(await functions.invoke(ORDERS, {}, timeout=30)) == ["eu-west-1", "t", "orders"]
    assert value_of(await functions.invoke(elsewhere, {}, timeout=30)) == ["us-west-2", "t", "orders"]


async def test_a_function_without_a_handler_is_named(make: Make) -> None:
    functions = make()
    other = replace(ORDERS, name="other")
    assert functions.names == {"orders"}
    assert (functions.has(ORDERS), functions.has(other)) == (True, False)
    assert await functions.invoke(other, {}, timeout=30) == NoHandler(name="other")


async def test_an_exception_has_the_handlers_own_frames(write: Write, make: Make, folder: Path) -> None:
    write("""
        def find(event):
            return event["id"]
        def handler(event, context):
            return find(event)
    """)
    file = folder / "app.py"
    assert await make().invoke(ORDERS, {}, timeout=30) == Raised(
        type="KeyError",
        message="'id'",
        trace=(
            f'  File "{file}", line 5, in handler\n    return find(event)\n',
            f'  File "{file}", line 3, in find\n    return event["id"]\n',
        ),
    )


@pytest.mark.parametrize(
    ("code", "type_", "message"),
    [
        (
            "def handler(event, context): return object",
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type type is not JSON serializable",
        ),
        (
            "def handler(): return 1",
            "TypeError",
            "handler() takes 0 positional arguments but 2 were given",
        ),
        ("handler = 1", "TypeError", "'int' object is not callable"),
        ("other = 1", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        (
            "import nowhere",
            "Runtime.ImportModuleError",
            "Unable to import module 'app': No module named 'nowhere'",
        ),
    ],
)
async def test_an_error_of_the_runtime_has_no_frames(
    write: Write, make: Make, code: str, type_: str, message: str
) -> None:
    write(code)
    assert await make().invoke(ORDERS, {}, timeout=30) == Raised(type=type_, message=message, trace=())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys\ndef handler(event, context): sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("import os\ndef handler(event, context): os._exit(0)", "Runtime exited without providing a reason"),
        (
            "import os\ndef handler(event, context): os.kill(os.getpid(), 9)",
            "Runtime exited with error: signal: killed",
        ),
        ("import os\nos._exit(4)", "Runtime exited with error: exit status 4"),
    ],
)
async def test_a_process_that_ends_breaks_the_invocation(write: Write, make: Make, code: str, reason: str) -> None:
    write(code)
    assert await make().invoke(ORDERS, {}, timeout=30) == Broken(reason=reason)


async def test_a_process_that_cannot_be_started_breaks_the_invocation(make: Make, folder: Path) -> None:
    functions = make(directory=folder / "nowhere")
    expected = Broken(reason="its process cannot be started: No such file or directory")
    assert await functions.invoke(ORDERS, {}, timeout=30) == expected


async def test_a_worker_is_used_again(write: Write, make: Make) -> None:
    write(SLEEP)
    functions = make()
    assert await pid_of(functions) == await pid_of(functions)


async def test_a_worker_lives_on_after_an_exception(write: Write, make: Make) -> None:
    write("""
        import os
        def handler(event, context):
            if event: raise ValueError(os.getpid())
            return os.getpid()
    """)
    functions = make()
    pid = await pid_of(functions)
    outcome = await functions.invoke(ORDERS, "fail", timeout=30)
    assert isinstance(outcome, Raised)
    assert outcome.message == str(pid)
    assert await pid_of(functions) == pid


async def test_another_worker_is_started_where_all_are_busy(write: Write, make: Make, meeting: Meeting) -> None:
    write(MEET)
    functions = make()
    running = [asyncio.create_task(functions.invoke(ORDERS, meeting.port, timeout=30)) for _ in range(2)]
    guests = [await meeting.guest(), await meeting.guest()]
    for guest in guests:
        guest.let_go()
    pids = {value_of(outcome) for outcome in await asyncio.gather(*running)}
    assert pids == {guest.pid for guest in guests}
    assert len(pids) == 2
    again = asyncio.create_task(functions.invoke(ORDERS, meeting.port, timeout=30))
    (await meeting.guest()).let_go()
    assert value_of(await again) in pids


async def test_a_version_of_a_function_has_workers_of_its_own(write: Write, make: Make) -> None:
    write(SLEEP)
    functions = make()
    assert await pid_of(functions) != await pid_of(functions, function=replace(ORDERS, qualifier="2"))


async def test_a_timeout_ends_the_worker(write: Write, make: Make) -> None:
    write(SLEEP)
    functions = make()
    pid = await pid_of(functions)
    assert await functions.invoke(ORDERS, "sleep", timeout=0.1) == TookTooLong(seconds=0.1)
    assert await pid_of(functions) != pid
    await functions.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_an_import_that_takes_too_long_is_a_timeout(write: Write, make: Make) -> None:
    write("import signal\nsignal.pause()")
    assert await make().invoke(ORDERS, {}, timeout=0.2) == TookTooLong(seconds=0.2)


async def test_what_the_handler_started_ends_with_it(write: Write, make: Make, meeting: Meeting) -> None:
    write("""
        import os, subprocess, sys
        def handler(event, context):
            code = ("import os, socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1])));"
                    "s.sendall(b'%d\\\\n' % os.getpid()); s.recv(1)")
            subprocess.Popen([sys.executable, "-c", code, str(event)])
            if not os.fork():
                os.execv(sys.executable, [sys.executable, "-c", code, str(event)])
            return 1
    """)
    functions = make()
    assert value_of(await functions.invoke(ORDERS, meeting.port, timeout=30)) == 1
    guests = [await meeting.guest(), await meeting.guest()]
    await functions.stop()
    assert [await guest.ended() for guest in guests] == [True, True]


async def test_a_process_that_the_handler_forked_does_not_hide_its_end(write: Write, make: Make) -> None:
    write("""
        import os, signal
        def handler(event, context):
            if not os.fork():
                signal.pause()
            os._exit(5)
    """)
    assert await make().invoke(ORDERS, {}, timeout=30) == Broken(reason="Runtime exited with error: exit status 5")


async def test_a_cancelled_invocation_ends_the_worker(write: Write, make: Make, meeting: Meeting) -> None:
    write(MEET)
    running = asyncio.create_task(make().invoke(ORDERS, meeting.port, timeout=30))
    guest = await meeting.guest()
    running.cancel()
    assert await guest.ended()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_worker_that_died_while_idle_is_replaced(write: Write, make: Make) -> None:
    write(SLEEP)
    functions = make()
    pid = await pid_of(functions)
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(os.waitid, os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert await pid_of(functions) != pid


async def test_an_edit_reaches_the_next_invocation(write: Write, make: Make, meeting: Meeting) -> None:
    write(MEET)
    functions = make()
    running = asyncio.create_task(functions.invoke(ORDERS, meeting.port, timeout=30))
    guest = await meeting.guest()
    write("def handler(event, context): return 'new'")
    await functions.restart()
    assert value_of(await functions.invoke(ORDERS, {}, timeout=30)) == "new"
    guest.let_go()
    assert value_of(await running) == guest.pid
    assert await guest.ended()


async def test_quick_edits_of_the_same_size_count(write: Write, make: Make) -> None:
    functions = make()
    for number in range(3):
        write(f"def handler(event, context): return {number}")
        await functions.restart()
        assert value_of(await functions.invoke(ORDERS, {}, timeout=30)) == number


async def test_stopping_breaks_off_what_is_under_way(
    write: Write, make: Make, meeting: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    write(MEET)
    functions = make()
    running = asyncio.create_task(functions.invoke(ORDERS, meeting.port, timeout=30))
    guest = await meeting.guest()
    await functions.stop()
    assert await guest.ended()
    assert await running == Broken(reason="the gateway stops")
    assert await functions.invoke(ORDERS, {}, timeout=30) == Broken(reason="the gateway stops")
    assert caplog.messages == []


async def test_the_number_of_workers_is_limited(
    write: Write, make: Make, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MOST_WORKERS", 1)
    write(MEET)
    functions = make("orders=app:handler", "other=app:handler")
    running = asyncio.create_task(functions.invoke(ORDERS, meeting.port, timeout=30))
    guest = await meeting.guest()
    assert await functions.invoke(ORDERS, meeting.port, timeout=0.1) == TookTooLong(seconds=0.1)
    guest.let_go()
    assert value_of(await running) == guest.pid
    other = asyncio.create_task(functions.invoke(replace(ORDERS, name="other"), meeting.port, timeout=30))
    assert await guest.ended()
    (await meeting.guest()).let_go()
    assert isinstance(await other, Returned)


async def test_a_ctrl_c_does_not_reach_the_worker(write: Write, make: Make) -> None:
    write("import os\ndef handler(event, context): return [os.getpid(), os.getsid(0), os.getpgid(0)]")
    numbers = value_of(await make().invoke(ORDERS, {}, timeout=30))
    assert isinstance(numbers, list)
    assert len(set(numbers)) == 1
