"""The environment variables of a worker: those of the gateway, with Lambda's own among them.

From the AWS page "Working with Lambda environment variables", under "Defined runtime environment variables".
"""

import os
import sys
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apigateway.arns import LambdaFunction
from local.functions.handlers import HandlerName

MEMORY_MB: Final = 128
"""Lambda's default (botocore ``lambda``: ``MemorySize``): what an API is given does not say how much a function has."""

LATEST: Final = "$LATEST"

_IDENTITY: Final = (
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)
"""Variables by which the SDKs find out who is calling; a handler on a laptop never acts as the developer."""

_SECRETS: Final = (
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_RUNTIME_TOKEN",
    "CI_JOB_TOKEN",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GITLAB_TOKEN",
    "NPM_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "SSH_AUTH_SOCK",
    "TWINE_PASSWORD",
)
"""Secrets of the tools round a deployment, which no handler is meant to have; docs/local.md lists them.

All other variables are passed on, for a handler may need any of them, and no list of secrets could be whole.
"""

_WITHHELD: Final = frozenset({*_IDENTITY, *_SECRETS})


def version_of(function: LambdaFunction) -> str:
    """Return the version that runs: nobody on a laptop says to which one an alias points."""
    return function.qualifier if function.qualifier and function.qualifier.isdecimal() else LATEST


def variables_of(
    function: LambdaFunction, handler: HandlerName, directory: Path, own: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables of one worker; the function's ``own`` ones count most."""
    version = version_of(function)
    return {
        **{name: value for name, value in os.environ.items() if name not in _WITHHELD},
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{uuid.uuid4().hex}",
        "LAMBDA_TASK_ROOT": str(directory),
        "TZ": ":UTC",
        "_HANDLER": f"{handler.module}.{handler.function}",
        **own,
    }
