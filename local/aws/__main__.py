"""The process of the embedded AWS: ``python -m local.aws HOST PORT``; ``wire`` says what it is told and tells."""

import json
import logging
import os
import sys
from pathlib import Path
from threading import Thread

from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException

from local.aws.aws_resources import AwsResource
from local.aws.providing import provide
from local.aws.server import bind
from local.aws.wire import read_resources


def main(host: str, port: int) -> int:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:  # moto prints now and then
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    try:
        server = bind(host, port)
    except OSError as error:
        sys.stderr.write(f"{os.strerror(error.errno) if error.errno else error}\n")
        return 1
    Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(server.socket.getsockname()[1]), file=answers)
    for line in sys.stdin:
        print(
            json.dumps([problem for resource in read_resources(line) if (problem := _problem(resource))]), file=answers
        )
    return 0


def _problem(resource: AwsResource) -> str:
    """Make a resource; return what its service has against it."""
    try:
        provide(resource)
    except HTTPException as error:
        reason = getattr(error, "message", error.description)
    except ServiceException as error:
        reason = error.message
    else:
        return ""
    return f"{type(resource).__name__} {getattr(resource, 'name', '')} in {resource.region}: {reason}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
