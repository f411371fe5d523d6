import pytest

from local.gateway.uris import url_named


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://api.example.com/a?b=1", "https://api.example.com/a?b=1"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("https://${stageVariables.host}/a", "https://internal.example.com:8443/a"),
        ("https://${stageVariables.none}/a", None),
        ("${stageVariables.none}", None),
        ("ftp://api.example.com", None),
        ("https://api.example.com:0/", None),
        ("https://api.example.com:99999/", None),
        ("https://user@api.example.com/", None),
        ("https://a b/", None),
        ("https://[::1/", None),
        ("/a", None),
    ],
)
def test_the_url_of_a_uri(uri: str, expected: str | None) -> None:
    url = url_named(uri, {"host": "internal.example.com:8443"})
    assert (url and url.geturl()) == expected
