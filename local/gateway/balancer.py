"""What an application load balancer does between API Gateway and a backend: it answers for a target that does not.

A network load balancer passes TCP on, so a backend that is not there is a connection that fails, and API Gateway says
so. An application load balancer has taken the request by then, and its own error page is a backend's answer to API
Gateway: it is mapped and passed on as any other.

Source: "Troubleshoot your Application Load Balancers" (502: the target refused or closed the connection, or its answer
is malformed; 503: no target is registered; 504: it did not answer before the idle timeout elapsed). The pages are as
clients have seen them.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import assert_never

from local.gateway.client import Outgoing
from local.gateway.upstream import Answered, Failed, Outcome, PassOn, TimedOut, Upstream
from local.topology.calls import Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedOutcome:
    """How a request to a backend ended, as API Gateway sees it; ``reason`` says why a balancer answered itself."""

    outcome: Outcome
    reason: str | None = None


async def send(upstream: Upstream, reach: Reached, request: Outgoing, pass_on: PassOn | None = None) -> BalancedOutcome:
    """Send a request by what lies before the backend; ``pass_on`` as in :meth:`Upstream.send`."""
    idle = reach.idle_timeout
    if idle is None:
        return BalancedOutcome(outcome=await upstream.send(reach.backend, request, pass_on))
    begun = False

    async def noted(head: Answered, chunks: AsyncIterator[bytes]) -> None:
        nonlocal begun
        begun = True
        if pass_on is not None:
            await pass_on(head, chunks)

    # A stream is not silent while it goes on; how long it may be is the integration's own matter.
    is_first = idle < request.timeout and pass_on is None
    waiting = replace(request, timeout=idle) if is_first else request
    outcome = await upstream.send(reach.backend, waiting, noted if pass_on else None)
    match outcome:
        case Failed(has_target=False):
            return _answered_by_balancer(503, "Service Temporarily Unavailable", outcome.reason)
        case Failed(reached=False) if not begun:
            return _answered_by_balancer(502, "Bad Gateway", outcome.reason)
        case TimedOut() if is_first:
            return _answered_by_balancer(504, "Gateway Time-out", outcome.reason)
        case Answered() | TimedOut() | Failed():
            return BalancedOutcome(outcome=outcome)
        case _:
            assert_never(outcome)


def _answered_by_balancer(status: int, phrase: str, reason: str) -> BalancedOutcome:
    title = f"{status} {phrase}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n"
        "</html>\r\n"
    ).encode()
    headers = (("Server", "awselb/2.0"), ("Content-Type", "text/html"), ("Content-Length", str(len(page))))
    return BalancedOutcome(
        outcome=Answered(status=status, headers=headers, body=page),
        reason=f"the application load balancer answers for its target: {reason}",
    )
