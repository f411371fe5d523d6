"""Stage variables that most likely hold a secret."""

import pytest

from apigateway.stage_secrets import names_a_secret, sign_of_secret

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"  # noqa: S105


@pytest.mark.parametrize(
    ("name", "value", "sign"),
    [
        ("dbPassword", "hunter2", "by its name"),
        ("DB_PASSWD", "hunter2", "by its name"),
        ("dbPwd", "hunter2", "by its name"),
        ("PWD", "hunter2", "by its name"),
        ("clientSecret", "x", "by its name"),
        ("apiKey", "x", "by its name"),
        ("signing_key", "x", "by its name"),
        ("accessToken", "x", "by its name"),
        ("client", "AKIAIOSFODNN7EXAMPLE", "by its value"),
        ("bot", "ghp_" + "a" * 36, "by its value"),
        ("tokenUrl", TOKEN, "by its value"),
        ("upstream", f"Bearer {TOKEN}", "by its value"),
        ("upstream", f"bearer {TOKEN}", "by its value"),
        ("upstream", "Bearer ghp_" + "a" * 36, "by its value"),
        ("upstream", "Basic YWxhZGRpbjpvcGVuc2VzYW1l", "by its value"),
        ("upstream", "basic YTpiYw==", "by its value"),
        ("upstream", "Basic plan", ""),
        ("upstream", "Basic YWxhZGRpbg==", ""),
        ("upstream", "Basic YTpiY", ""),
        ("upstream", "Bearer of news", ""),
        ("upstream", "Bearer", ""),
        ("secretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:x", ""),
        ("secretPath", "/prod/db", ""),
        ("tokenUrl", "https://issuer.example/token", ""),
        ("tenant", "acme", ""),
        ("key", "orders", ""),
        ("client", "AKIA", ""),
    ],
)
def test_signs_of_a_secret(name: str, value: str, sign: str) -> None:
    assert sign_of_secret(name, value) == sign


@pytest.mark.parametrize(("name", "is_one"), [("apiToken", True), ("private_key", True), ("vpcLink", False)])
def test_names_of_secrets(name: str, is_one: bool) -> None:
    assert names_a_secret(name) is is_one
