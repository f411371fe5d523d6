import pytest

from local.loopback import authorities


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("127.0.0.1", 8080, {"localhost:8080", "127.0.0.1:8080", "[::1]:8080"}),
        ("::1", 8080, {"localhost:8080", "127.0.0.1:8080", "[::1]:8080"}),
        ("10.0.0.7", 8080, {"localhost:8080", "127.0.0.1:8080", "[::1]:8080", "10.0.0.7:8080"}),
        (
            "127.0.0.1",
            80,
            {"localhost:80", "127.0.0.1:80", "[::1]:80", "localhost", "127.0.0.1", "[::1]"},
        ),
    ],
)
def test_the_names_of_a_server(host: str, port: int, expected: set[str]) -> None:
    assert authorities(host, port) == expected
