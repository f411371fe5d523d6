"""The stack `local` made, left as it is, and destroyed by the real engine in an emulator of AWS.

That takes the Pulumi CLI and an emulator with EC2, load balancers, and HTTP APIs with VPC links, such as moto's server;
``GATELINK_TEST_ENDPOINT`` says where it is: ``http://localhost:4566``.
"""

import os
import shutil
from pathlib import Path

import pytest

from local.recorder import record
from tests.automation.workspace import open_stack
from tests.programs import stack_config

GIVEN = os.environ.get("GATELINK_TEST_ENDPOINT", "")

pytestmark = [
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="needs the Pulumi CLI on PATH"),
    pytest.mark.skipif(not GIVEN, reason="needs an emulator of AWS: set GATELINK_TEST_ENDPOINT to its URL"),
    pytest.mark.timeout(1800),
]


def test_up_and_destroy(tmp_path: Path) -> None:
    stack = open_stack(tmp_path, "local", GIVEN)
    resources = record(stack_config("local")).resources
    try:
        made = stack.up()
        # The stack itself is one more.
        assert made.summary.resource_changes == {"create": len(resources) + 1}
        orders = made.outputs["apis"].value["orders"]
        assert orders.keys() == {"apiId", "endpoint", "executionArn", "protocol", "stage"}
        assert (orders["protocol"], orders["stage"]) == ("HTTP", "$default")
        assert made.outputs["vpcId"].value.startswith("vpc-")
        assert made.outputs["vpcCidr"].value == "10.40.0.0/16"

        # An update without an edit changes nothing; what an emulator forgets is not asked for (no refresh).
        again = stack.up()
        assert again.summary.resource_changes == {"same": len(resources) + 1}
    finally:
        gone = stack.destroy()
    assert gone.summary.resource_changes == {"delete": len(resources) + 1}
    stack.workspace.remove_stack("local")
