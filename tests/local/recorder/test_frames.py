"""Texts on a pipe."""

import asyncio
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.recorder.frames import read_frame, receive_frame, write_frame

TEXTS = st.lists(st.text(st.characters(codec="utf-8")))


@given(TEXTS)
def test_texts_arrive_as_they_were_sent(texts: list[str]) -> None:
    pipe = io.BytesIO(b"".join(map(write_frame, texts)))
    assert [read_frame(pipe) for _ in texts] == texts
    assert read_frame(pipe) is None


async def received(sent: bytes, times: int) -> list[str | None]:
    pipe = asyncio.StreamReader()
    pipe.feed_data(sent)
    pipe.feed_eof()
    return [await receive_frame(pipe) for _ in range(times)]


@given(TEXTS)
def test_texts_are_received_as_they_were_sent(texts: list[str]) -> None:
    sent = b"".join(map(write_frame, texts))
    assert asyncio.run(received(sent, len(texts) + 1)) == [*texts, None]


@pytest.mark.parametrize("length", range(len(write_frame("hello"))))
async def test_a_text_that_breaks_off_is_none(length: int) -> None:
    part = write_frame("hello")[:length]
    assert read_frame(io.BytesIO(part)) is None
    assert await received(part, 1) == [None]


def test_a_text_may_be_larger_than_a_pipe_holds() -> None:
    text = "ö" * 1_000_000
    assert read_frame(io.BytesIO(write_frame(text))) == text
