"""The examples, held against the schema and the value checks of the real AWS provider.

That takes a tool which is not part of the project: ``GATELINK_PROVIDER_CHECK`` is a command that is given a project, a
stack, ``--level validate``, ``--python`` and ``--work``, and prints a JSON object with ``schema_problems`` and
``validate_errors``.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import ROOT

COMMAND = os.environ.get("GATELINK_PROVIDER_CHECK")
FILES = sorted((ROOT / "examples").glob("*.yaml"))

# Terraform calls a permission's function `function_name`, a REST API's id and deployment `rest_api_id` and
# `deployment_id`, and knows a domain's target only once it is there.
OF_THE_TOOL = re.compile(
    r"aws_lambda_permission\.\S+\.function: no such argument.*"
    r'|.*The argument "function_name" is required.*aws_lambda_permission\.\S+'
    r"|aws_api_gateway_(deployment|stage|method_settings)\.\S+\.(rest_api|deployment): no such argument.*"
    r'|.*The argument "(rest_api_id|deployment_id)" is required.*aws_api_gateway_(deployment|stage|method_settings).*'
    r'|.*The argument "(name|zone_id)" is required.*aws_route53_record\.\S+alias\[0\]'
)


@pytest.mark.skipif(COMMAND is None, reason="needs a provider check: set GATELINK_PROVIDER_CHECK to its command")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_provider_takes_an_example(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "project"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs", "bench")
    shutil.copytree(ROOT, project, ignore=ignored)
    shutil.copy(file, project / f"Pulumi.{file.stem}.yaml")
    words = [*shlex.split(COMMAND or ""), str(project), file.stem, "--level", "validate"]
    words += ["--python", sys.executable, "--work", str(tmp_path / "work")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  (the user's own command)
    found = json.loads(done.stdout)
    complaints = [*found["schema_problems"], *found["validate_errors"]]
    assert [complaint for complaint in complaints if not OF_THE_TOOL.fullmatch(complaint)] == []
