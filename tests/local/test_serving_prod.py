"""``up`` on the prod stack: a Lambda authorizer, tokens of our own and domains, with real clients."""

import json
import time
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from tests.local.command import run, up
from tests.local.gateway.authorization.tokens import signing_key, write_key_set
from tests.programs import copy_stack

ISSUER = "https://id.example.com/"
ORDERS, CHAT = "api.example.com", "chat.example.com"
TICKETS = """
def check(event, context):
    effect = "Allow" if event["queryStringParameters"]["ticket"] == "t1" else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {"principalId": "ada", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """The prod stack in a folder of the test's own, with the authorizer's function and the issuer's keys."""
    copy_stack(tmp_path, "prod")
    (tmp_path / "tickets.py").write_text(TICKETS, encoding="utf-8")
    write_key_set(tmp_path / "keys.json", signing_key())
    return tmp_path


def token(scope: str) -> str:
    return signing_key().sign(
        {"iss": ISSUER, "sub": "ada", "aud": "orders", "exp": int(time.time()) + 300, "scope": scope}
    )


async def test_prod_lets_in_whom_its_authorizers_let_in(project: Path) -> None:
    words = ("--stack", "prod", "--lambda", "check-ticket=tickets:check", "--jwks", f"{ISSUER}=keys.json")
    async with up(project, *words) as running, aiohttp.ClientSession() as client:
        assert running.apis["orders"]["host"] == ORDERS
        assert running.apis["chat"]["host"] == CHAT
        assert f"answers to Host: {CHAT}" in running.banner
        orders = f"{running.apis['orders']['endpoint']}/orders"
        assert f"try curl -H 'Host: {ORDERS}' -H 'Authorization: …' {orders}" in running.banner

        async def status(**headers: str) -> int:
            async with client.get(orders, headers={"Host": ORDERS, **headers}) as answer:
                return answer.status

        assert await status() == 401
        assert await status(Authorization=f"Bearer {token('orders/read')}") == 200
        assert await status(Authorization=f"Bearer {token('orders/write')}") == 403
        assert await status(Host="elsewhere.example.com") == 404

        chat = running.apis["chat"]["endpoint"]
        async with client.ws_connect(f"{chat}/?ticket=t1", headers={"Host": CHAT}) as socket:
            await socket.send_json({"action": "sendMessage"})
            seen = dict(json.loads((await socket.receive()).data)["headers"])
            # A backend's client sends the Host of its endpoint, and a laptop has no DNS for the domain.
            at = f"{running.apis['chat']['connectionsUrl']}/@connections/{seen['ConnectionId'].replace('=', '%3D')}"
            async with client.post(URL(at, encoded=True), data=b"later") as posted:
                assert posted.status == 200
            assert (await socket.receive()).data == "later"
        assert (seen["user"], seen["tenant"]) == ("ada", "acme")
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(f"{chat}/?ticket=t2", headers={"Host": CHAT})
        assert refused.value.status == 403


async def test_what_the_command_line_names_is_in_the_stack(project: Path) -> None:
    done = await run(
        project,
        "up",
        "--stack",
        "prod",
        "--port",
        "0",
        "--lambda",
        "check-tickets=tickets:check",
        "--jwks",
        f"{ISSUER[:-1]}=keys.json",
    )
    assert done.status == 1
    assert done.err.splitlines() == [
        'the stack has no function "check-tickets"; its functions: check-ticket',
        f'the stack has no authorizer for tokens of "{ISSUER[:-1]}"; did you mean "{ISSUER}"?',
    ]
