"""moto as a server on this machine: what it lacks is added, and what is lacking still is answered with a 501.

Nothing of it is for a browser: a request with an ``Origin`` comes from some website, and so does one for another
``Host``, whose name has been pointed at this machine. Both are refused.
"""

import json
import logging
import socket
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, request
from flask import Response as FlaskResponse
from moto.appconfig import urls as app_config_urls
from moto.backends import SERVICE_NAMES
from moto.core.serialize import SERVICE_SPECIFIC_SERIALIZERS
from moto.core.utils import get_service_model
from moto.events import models as events_models
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.stepfunctions import urls as step_functions_urls
from werkzeug.exceptions import NotFound
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response

from apigateway.errors import one_line
from local.aws.app_config import PATHS, AppConfig
from local.aws.aws_resources import LACKING
from local.aws.events import WholeEvents
from local.aws.queues import JsonAnswers, gather_parameters
from local.aws.step_functions import StepFunctions
from local.loopback import authorities

logger = logging.getLogger(__name__)

_JSON_SERVICES: Final = ("dynamodb", "events", "kinesis", "sqs", "stepfunctions")
"""Those of the services that an integration may call which speak a JSON protocol; SQS has another one, too."""

_FORBIDDEN: Final = 403
_SERVER_ERROR: Final = 500
_NOT_IMPLEMENTED: Final = 501


class _QuietHandler(MotoRequestHandler):
    """Writes no line for each request, and says nothing of Python in an answer."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin an answer without the headers that moto gives anyway."""
        self.send_response_only(code, message)

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  (werkzeug's name)
        """Keep errors only."""
        if type == "error":
            logger.error(message, *args)


class _Application:
    """Every service that moto knows, as one WSGI application."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = allowed
        events_models.EventTemplateParser = WholeEvents  # type: ignore[attr-defined]  # its import of it
        for service in ("sns", "sqs"):
            SERVICE_SPECIFIC_SERIALIZERS.setdefault(service, {})["query-json"] = JsonAnswers
        step_functions_urls.url_paths = dict.fromkeys(step_functions_urls.url_paths, StepFunctions.dispatch)
        app_config_urls.url_paths = dict.fromkeys((*app_config_urls.url_paths, *PATHS), AppConfig.dispatch)
        self._services = DomainDispatcherApplication(_create_service)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if "HTTP_ORIGIN" in environ:
            refusal = _answer(_FORBIDDEN, "the embedded AWS is for programs, and this request comes from a web page")
            return refusal(environ, start_response)
        if environ.get("HTTP_HOST", "").lower() not in self._allowed:
            refusal = _answer(_FORBIDDEN, "the embedded AWS answers to its own address alone")
            return refusal(environ, start_response)
        gather_parameters(environ)
        try:
            answered: Iterable[bytes] = self._services(environ, _without_status(start_response))
        except (NotImplementedError, ModuleNotFoundError) as error:
            return _answer(_NOT_IMPLEMENTED, f"the embedded AWS cannot do this: {error}")(environ, start_response)
        except Exception as error:  # noqa: BLE001  (whatever moto stumbles over, the client gets an answer)
            reason = f"{type(error).__name__}: {error}"
            place = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            logger.error("the embedded AWS failed at %s: %s", one_line(place), one_line(reason))  # noqa: TRY400  (one line)
            return _answer(_SERVER_ERROR, f"the embedded AWS failed: {reason}")(environ, start_response)
        return answered


def _without_status(start_response: StartResponse) -> StartResponse:
    """Leave out the header in which moto repeats the status."""

    def start(
        status: str,
        headers: list[tuple[str, str]],
        exc_info: Any = None,  # noqa: ANN401  (WSGI's)
    ) -> Callable[[bytes], object]:
        return start_response(status, [pair for pair in headers if pair[0].lower() != "status"], exc_info)

    return start


def _create_service(service: SERVICE_NAMES) -> Flask:
    if not service:
        raise NotImplementedError("it does not have the service")
    app = create_backend_app(service)
    app.register_error_handler(NotFound, _no_such_path(service))
    if service in _JSON_SERVICES:
        app.after_request(_in_json_protocol(get_service_model(service).metadata["jsonVersion"]))
    return app


def _in_json_protocol(version: str) -> Callable[[FlaskResponse], FlaskResponse]:
    """Give the answers to requests in a JSON protocol its type.

    moto leaves it out where a method returns text, as those of EventBridge do, and has another one in every error.
    """

    def type_answer(answer: FlaskResponse) -> FlaskResponse:
        if "X-Amz-Target" in request.headers:
            answer.headers["Content-Type"] = f"application/x-amz-json-{version}"
        return answer

    return type_answer


def _no_such_path(service: str) -> Callable[[Exception], Response]:
    def answer(_: Exception) -> Response:
        return _answer(_NOT_IMPLEMENTED, f"the embedded AWS cannot do this: it has no such action of {service}")

    return answer


def _answer(status: int, message: str) -> Response:
    kind = LACKING if status == _NOT_IMPLEMENTED else "InternalFailure"
    body = json.dumps({"__type": kind, "message": message})
    return Response(body, status=status, headers={"X-Amzn-ErrorType": kind}, content_type="application/json")


def bind(host: str, port: int) -> BaseWSGIServer:
    """Return a server that listens, on a free port where it is 0. Raises OSError for a port that is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        application = _Application(authorities(host, listening.getsockname()[1]))
        return make_server(host, port, application, threaded=True, request_handler=_QuietHandler, fd=listening.fileno())
