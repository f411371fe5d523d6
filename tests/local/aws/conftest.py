from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeAlias

import boto3
import pytest
import pytest_asyncio
from botocore.config import Config

from local.aws import EmbeddedAws

REGION = "eu-central-1"

Service: TypeAlias = Any
"""A client of boto3, which makes its methods as it runs."""

Client: TypeAlias = Callable[..., Service]

SCOPE = f"Credential=local/20260101/{REGION}/sqs/aws4_request"
SIGNED_FOR_SQS = {"Authorization": f"AWS4-HMAC-SHA256 {SCOPE}, SignedHeaders=host, Signature=0"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aws() -> AsyncIterator[EmbeddedAws]:
    """One for a module: its process takes a while to start."""
    running = await EmbeddedAws.start()
    yield running
    await running.stop()


@pytest.fixture
def client(aws: EmbeddedAws) -> Iterator[Client]:
    """Make clients like those of ``aws --endpoint-url``."""
    made: list[Service] = []

    def make(service: str, region: str = REGION) -> Service:
        made.append(
            boto3.client(
                service,
                endpoint_url=aws.endpoint,
                region_name=region,
                aws_access_key_id="local",
                aws_secret_access_key="local",  # noqa: S106
                # Synchronous executions have a host of their own, which a numeric address cannot have.
                config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()
