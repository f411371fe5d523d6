"""What moto lacks of AWS Step Functions: executions that end, ``StartSyncExecution``, the error of ``StopExecution``.

A state machine that a stack names is made with one ``Pass`` state, so each of its executions succeeds at once, with its
input as its output. A definition that somebody puts in its place is kept, but not run: an execution of it goes on until
it is stopped, and it cannot be run synchronously. The members of the answers are those of botocore ``stepfunctions``.
"""

import json
import uuid
from typing import Final

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.stepfunctions.models import Execution, StateMachineInstance
from moto.stepfunctions.responses import StepFunctionResponse

from local.aws.aws_resources import LACKING

DEFINITION: Final = json.dumps({"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}})
"""Of every state machine that a stack names."""

_INCLUDED: Final = {"included": True}
_NOT_IMPLEMENTED: Final = 501


class StepFunctions(StepFunctionResponse):
    """Answers the requests to AWS Step Functions. A method is named like the action that it is."""

    def start_execution(self) -> ActionResult:
        """Start an execution, which ends at once where the definition is known."""
        result = super().start_execution()
        started: dict[str, str] = result.result  # type: ignore[assignment]  # declared as any object
        execution = self.stepfunction_backend.describe_execution(started["executionArn"])
        machine = self.stepfunction_backend.describe_state_machine(execution.state_machine_arn)
        if machine.definition == DEFINITION and execution.status == "RUNNING":
            _succeed(execution)
        return result

    def start_sync_execution(self) -> ActionResult:
        """Run an execution to its end; it leaves no trace, as that of an Express workflow."""
        backend = self.stepfunction_backend
        name: str = self._get_param("name") or str(uuid.uuid4())
        backend._validate_name(name)  # noqa: SLF001  (the rules of a name, which are nowhere else)
        arn: str = self._get_param("stateMachineArn")
        execution = backend.start_execution(arn, "", self._get_param("input", if_none="{}"))
        machine = backend.describe_state_machine(arn)
        machine.executions.remove(execution)
        if machine.definition != DEFINITION:
            raise _not_run(machine)
        _succeed(execution)
        return ActionResult(
            {
                "executionArn": f"{machine.arn.replace(':stateMachine:', ':express:')}:{name}:{uuid.uuid4()}",
                "stateMachineArn": machine.arn,
                "name": name,
                "startDate": execution.start_date,
                "stopDate": execution.stop_date,
                "status": execution.status,
                "input": execution.execution_input,
                "inputDetails": _INCLUDED,
                "output": execution.output,
                "outputDetails": _INCLUDED,
                "traceHeader": self._get_param("traceHeader"),
                "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100},
            }
        )

    def stop_execution(self) -> ActionResult:
        """Stop an execution with the error and the cause that are given; one that has ended stays as it is."""
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        if execution.status == "RUNNING":
            execution.stop()
            execution.error = self._get_param("error")
            execution.cause = self._get_param("cause")
        return ActionResult({"stopDate": execution.stop_date})


def _succeed(execution: Execution) -> None:
    execution.status = "SUCCEEDED"
    execution.stop_date = utcnow()
    execution.output = execution.execution_input
    execution.output_details = _INCLUDED  # type: ignore[assignment]  # declared as text, sent as the structure it is


def _not_run(machine: StateMachineInstance) -> AWSError:
    message = f"the embedded AWS runs no definition but its own, and {machine.name} was given another one"
    return AWSError(message, exception_type=LACKING, status=_NOT_IMPLEMENTED)
