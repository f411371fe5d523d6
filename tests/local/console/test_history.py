from local.console.describe import LARGEST_BODY, describe, summarise
from local.console.history import History
from local.gateway.traffic import Exchange
from tests.local.console.exchanges import data, exchange


def numbers(history: History, after: int = 0) -> list[int]:
    return [kept.number for kept in history.after(after)]


def test_the_last_ones_are_kept() -> None:
    history = History(most=3)
    for _ in range(5):
        history.add(exchange())
    assert (history.last, numbers(history), numbers(history, 4)) == (5, [3, 4, 5], [5])
    assert history.find(2) is None
    assert history.find(6) is None
    found = history.find(4)
    assert found is not None
    assert found.number == 4


def test_an_empty_one() -> None:
    assert (History().last, numbers(History()), History().find(1)) == (0, [], None)


def test_bodies_may_not_take_more_than_a_share_of_memory() -> None:
    history = History(most_bytes=40)
    for _ in range(5):
        history.add(exchange())  # 16 bytes of bodies each
    assert numbers(history) == [4, 5]


def test_a_large_body_is_described_at_once_and_let_go() -> None:
    large = exchange(request=data(body=b"x" * (LARGEST_BODY + 1)))
    expected = describe(large)
    kept = History().add(large)
    assert not isinstance(kept.story, Exchange)
    assert (kept.summary, kept.detail) == (summarise(large), expected)
    assert kept.weight == LARGEST_BODY + 8


def test_mappings_are_explained_only_when_somebody_looks() -> None:
    asked = []

    def explain() -> tuple[()]:
        asked.append(1)
        return ()

    kept = History().add(exchange(explain_request=explain))
    assert (kept.summary["status"], asked) == (200, [])
    assert kept.detail["requestMappings"]["rows"] == []
    assert asked == [1]


def test_words_are_found_wherever_they_are() -> None:
    kept = History().add(exchange())
    for words in (["acme"], ["tenant: acme"], ["bearer", "pong"], ["any /{proxy+}"], ["x-none"], []):
        assert kept.holds(words), words
    assert not kept.holds(["acme", "nowhere"])
