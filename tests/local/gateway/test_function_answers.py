import json
import re

import pytest

from local.functions import Broken, Raised, Returned, TookTooLong
from local.gateway.faults import Faulted
from local.gateway.function_answers import custom_answer, result_of


def test_how_an_invocation_ends() -> None:
    assert result_of(Returned(payload="{}")).body == b"{}"
    broken = custom_answer(Broken(reason="it ended"))
    assert broken.error == "it ended"
    assert json.loads(broken.answered.body)["errorType"] == "Runtime.ExitError"
    raised = custom_answer(Raised(type="ValueError", message="bad", trace=("a", "b")))
    assert json.loads(raised.answered.body)["stackTrace"] == ["a", "b"]
    with pytest.raises(Faulted, match=re.escape("the function did not return within 3 s")):
        custom_answer(TookTooLong(seconds=3))
