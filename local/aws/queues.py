"""What moto lacks of Amazon SQS and Amazon SNS: parameters in the URL, and answers in JSON for those who accept it.

Both belong to the AWS query protocol ("Making query API requests using AWS query protocol in Amazon SQS"), which API
Gateway speaks to the two: an ``AWS`` integration may put ``Action`` and all else into the query string, and sends
``Accept: application/json`` unless that is mapped. moto reads one or the other, and has a parameter for JSON. A
body that is no form, such as a client's own that went on as it was, is not looked at.
"""

import io
import json
import uuid
from collections.abc import MutableMapping
from typing import Any, Final
from wsgiref.types import WSGIEnvironment

from botocore.model import StructureShape
from moto.core.serialize import QueryJSONSerializer, ResponseDict

_FORM: Final = "application/x-www-form-urlencoded"
_SCOPES: Final = ("/sqs/aws4_request", "/sns/aws4_request")
_LISTS: Final = {"Messages": "messages", "QueueUrls": "queueUrls"}
"""Members of an answer in JSON that have been seen under another name than the API reference gives."""


class JsonAnswers(QueryJSONSerializer):
    """Writes the answers in JSON as they have been seen."""

    def _serialized_result_to_response(
        self,
        resp: ResponseDict,
        result: object,  # noqa: ARG002  (moto's interface)
        shape: StructureShape | None,
        serialized_result: MutableMapping[str, Any],
    ) -> ResponseDict:
        """Wrap the result in the way of the query protocol; that there are no messages is said by a null."""
        action = self.operation_model.name
        answer: dict[str, object] = {}
        if shape is not None:
            absent = {name: None for name in shape.members if name in _LISTS}
            members = {**absent, **serialized_result}
            answer[f"{action}Result"] = {_LISTS.get(name, name): value for name, value in members.items()}
        answer["ResponseMetadata"] = {"RequestId": str(uuid.uuid4())}
        resp["body"] = json.dumps({f"{action}Response": answer})
        resp["headers"]["Content-Type"] = self.CONTENT_TYPE
        return resp


def gather_parameters(environ: WSGIEnvironment) -> None:
    """Turn a request in the query protocol into the form that moto reads; leave every other request as it is."""
    signed = environ.get("HTTP_AUTHORIZATION", "")
    if not any(scope in signed for scope in _SCOPES) or "HTTP_X_AMZ_TARGET" in environ:
        return
    fields = [environ.get("QUERY_STRING", "").encode("latin-1")]
    if environ.get("CONTENT_TYPE", "").startswith(_FORM):
        fields.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    if "application/json" in environ.get("HTTP_ACCEPT", ""):
        fields.append(b"ContentType=JSON")
    body = b"&".join(filter(None, fields))
    environ["REQUEST_METHOD"] = "POST"
    environ["QUERY_STRING"] = ""
    environ["CONTENT_TYPE"] = _FORM
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
