"""A worker: runs one handler, one invocation after another, as Lambda's Python runtime does.

    python -P -B worker.py FD DIRECTORY MODULE FUNCTION

It is started as a file and imports nothing of Gatelink, so that no module of ours hides one of the handler's, and so
that it starts quickly. ``FD`` is a socket to the gateway, over which JSON goes, a line a message: first whether the
handler could be loaded, then an answer for each request. What the handler prints goes to standard output.

The words of Lambda are those of its runtime client for Python, https://github.com/aws/aws-lambda-python-runtime-interface-client;
what a handler may ask its context is on the AWS page "Using the Lambda context object to retrieve Python function
information".
"""

import difflib
import importlib
import io
import json
import logging
import math
import os
import re
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any, TypeAlias

LARGEST_PAYLOAD = 6_291_556
"""Bytes that a function may return (the AWS page "Lambda quotas": 6 MB; the number is that of Lambda's message)."""

_IS_ASYNC = 0x80
"""``inspect.CO_COROUTINE``, a flag of a function's code; the module itself takes long to import."""

Answer: TypeAlias = dict[str, object]


class Context:
    """What a handler is given beside the event."""

    client_context = None
    identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
    tenant_id = None

    def __init__(self, request_id: str, arn: str, deadline: float) -> None:
        self.aws_request_id = request_id
        self.invoked_function_arn = arn
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the invocation is ended."""
        return max(int((self._deadline - time.time()) * 1000), 0)

    def log(self, message: object) -> None:
        """Write to the function's log."""
        sys.stdout.write(str(message))


Handler: TypeAlias = Callable[[Any, Context], object]


class LoadError(Exception):
    """The handler cannot be loaded."""

    def __init__(self, type_: str, message: str, *, why: str, trace: list[str] | None = None) -> None:
        self.type = type_
        self.message = message
        self.why = why
        """The same in the words of Gatelink, with a place and a suggestion."""
        self.trace = trace or []
        super().__init__(why)


def load(directory: str, module_name: str, function_name: str) -> Handler:
    """Import the module and return its function. Raises ``LoadError``, where Lambda would not get so far either."""
    if module_name.partition(".")[0] in sys.builtin_module_names:
        raise LoadError(
            "Runtime.BuiltInModuleConflict",
            f"Cannot use built-in module {module_name} as a handler module",
            why=f'module "{module_name}" is built into Python; give yours another name',
        )
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        why = _why_not_imported(error, directory, module_name)
        raise LoadError("Runtime.ImportModuleError", message, why=why) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        frame = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        why = f'module "{module_name}" has a syntax error: {error}'
        raise LoadError("Runtime.UserCodeSyntaxError", message, why=why, trace=[frame]) from error
    except Exception as error:
        frames = _frames(error)
        place = f" ({os.path.relpath(frames[-1].filename, directory)}, line {frames[-1].lineno})" if frames else ""
        why = f'importing module "{module_name}" raised {type(error).__name__}: {error}{place}'
        raise LoadError(type(error).__name__, str(error), why=why, trace=_format(frames)) from error
    if not hasattr(module, function_name):
        raise LoadError(
            "Runtime.HandlerNotFound",
            f"Handler '{function_name}' missing on module '{module_name}'",
            why=f'module "{module_name}" has no "{function_name}"' + _near(function_name, dir(module)),
        )
    handler: Handler = getattr(module, function_name)
    return handler


def doubt(handler: object, module_name: str, function_name: str) -> str:
    """Say why no invocation of a handler will end well, although it was loaded; empty where nothing speaks so."""
    what = f'"{function_name}" of module "{module_name}"'
    if not callable(handler):
        return f"{what} must be a function, got a value of type {type(handler).__name__}"
    if getattr(getattr(handler, "__code__", None), "co_flags", 0) & _IS_ASYNC:
        return f"{what} must be a plain function: Lambda's Python runtime awaits no async def"
    return ""


def _why_not_imported(error: ImportError, directory: str, module_name: str) -> str:
    missing = error.name or ""
    if not isinstance(error, ModuleNotFoundError):
        return f'module "{module_name}" cannot be imported: {error}'
    if missing != module_name and not module_name.startswith(f"{missing}."):
        return f'module "{module_name}" cannot be imported: {error}; handlers run with {sys.executable}'
    package, _, name = missing.rpartition(".")
    beside = Path(directory, *package.split(".")) if package else Path(directory)
    known = [path.stem for path in beside.glob("*") if path.suffix == ".py" or path.is_dir()]
    return f'there is no module "{missing}" in {directory}' + _near(name, known, f"{package}." if package else "")


def _near(name: str, known: list[str], prefix: str = "") -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f'; did you mean "{prefix}{near[0]}"?' if near else ""


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Return the frames of an exception, without those through which the handler was reached."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame.filename == __file__ or frame.filename.startswith("<frozen importlib") for frame in frames]
    return list(frames[ours.index(False) :]) if False in ours else []


def _format(frames: list[traceback.FrameSummary]) -> list[str]:
    """Print frames as Lambda does: without the marks below a line that newer Pythons make."""
    return traceback.format_list([(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in frames])


def invoke(handler: Handler, event: object, context: Context) -> Answer:
    """Call the handler once, and return the answer for the gateway."""
    try:
        result = handler(event, context)
    except Exception as error:  # noqa: BLE001  (whatever a handler raises is its answer)
        return _raised(type(error).__name__, str(error), _format(_frames(error)))
    try:
        payload = encode(result)
    except Exception as error:  # noqa: BLE001  (a value's own methods are asked, too)
        return _raised("Runtime.MarshalError", f"Unable to marshal response: {error}", [])
    if len(payload.encode()) > LARGEST_PAYLOAD:
        message = f"Response payload size exceeded maximum allowed payload size ({LARGEST_PAYLOAD} bytes)."
        return _raised("Function.ResponseSizeTooLarge", message, [])
    return {"returned": payload}


def _raised(type_: str, message: str, trace: list[str]) -> Answer:
    return {"raised": [type_, message, trace]}


def encode(value: object) -> str:
    """Print what a handler returned as Lambda does: JSON in ASCII, decimals as numbers, bytes as they are."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    mark = os.urandom(16).hex()  # the encoder prints decimals only as strings: these are marked, and stripped of quotes

    def default(other: object) -> object:
        if not isinstance(other, Decimal):
            raise TypeError(f"Object of type {type(other).__name__} is not JSON serializable")
        return math.nan if other.is_nan() else f"{mark}{other}"

    return re.sub(f'"{mark}([^"]*)"', r"\1", json.dumps(value, default=default))


class _LogFormat(logging.Formatter):
    """Lambda's format of what a handler logs."""

    request_id = ""

    def __init__(self) -> None:
        super().__init__(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
        )
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        record.aws_request_id = self.request_id
        return super().format(record)


def _set_up_output() -> _LogFormat:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", write_through=True)
    log_format, to_output = _LogFormat(), logging.StreamHandler(sys.stdout)
    to_output.setFormatter(log_format)
    logging.getLogger().addHandler(to_output)
    return log_format


def _listen(channel: int, requests: SimpleQueue[bytes]) -> None:
    """Take requests; once the gateway is gone, end this process with all that the handler started."""
    pieces: list[bytes] = []
    try:
        while chunk := os.read(channel, 1 << 16):
            end, newline, rest = chunk.partition(b"\n")
            pieces.append(end)
            if newline:
                requests.put(b"".join(pieces))
                pieces = [rest]
    except OSError:
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _send(channel: int, answer: Answer) -> None:
    rest = memoryview(json.dumps(answer).encode() + b"\n")
    while rest:
        rest = rest[os.write(channel, rest) :]


def main() -> None:
    """Serve the gateway for as long as it lives."""
    channel, directory, module_name, function_name = int(sys.argv[1]), *sys.argv[2:5]
    del sys.argv[1:]
    # A plain descriptor and no object: it is closed when the process is gone and not before, so that its end is the
    # end of the process. What the handler starts may not hold it open.
    os.set_inheritable(channel, False)  # noqa: FBT003  (takes it by position alone)
    os.register_at_fork(after_in_child=lambda: os.close(channel))
    log_format = _set_up_output()
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(channel, requests), daemon=True).start()
    sys.path.insert(0, directory)
    try:
        handler = load(directory, module_name, function_name)
    except LoadError as error:
        _send(channel, {"unloadable": [error.type, error.message, error.trace, error.why]})
        return
    _send(channel, {"loaded": doubt(handler, module_name, function_name)})
    while True:
        request = json.loads(requests.get())
        log_format.request_id = request["requestId"]
        context = Context(request["requestId"], request["arn"], request["deadline"])
        _send(channel, invoke(handler, request["event"], context))


if __name__ == "__main__":
    main()
