"""Keys that are no text, and texts that are none."""

from apigateway.readable import readable


def said(raw: dict[object, object]) -> list[str]:
    return [str(problem) for problem in readable(raw).problems]


def test_a_block_of_texts_is_read_as_it_is() -> None:
    raw: dict[object, object] = {"a": [1, {"b": "c"}], "404": None}
    found = readable(raw)
    assert (found.block, found.problems, found.changed) == (raw, (), ())


def test_a_key_that_is_no_text_is_taken_for_its_text() -> None:
    found = readable({"a": {404: "x", None: "y", True: "z"}})
    assert found.block == {"a": {"404": "x", "null": "y", "true": "z"}}
    assert [str(problem) for problem in found.problems] == [
        'a: the key 404 must be text; write "404"',
        'a: the key null must be text; write "null"',
        'a: the key true must be text; write "true"',
    ]


def test_a_key_that_stands_there_as_text_and_as_a_number() -> None:
    twice = "the key 404 stands there twice: as text, and as something else"
    assert said({404: 1, "404": 2}) == ['the key 404 must be text; write "404"', twice]
    assert said({"404": 2, 404: 1}) == ['the key 404 must be text; write "404"', twice]


def test_half_a_character_is_no_text() -> None:
    found = readable({"a": "x\ud800"})
    assert found.block == {"a": "x\ufffd"}
    assert [str(problem) for problem in found.problems] == ['a: must be text that UTF-8 can write, got "x\ufffd"']
    assert found.changed == (("a",),)
