"""Unpacking a body within its limits."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.client._body import beginning, declared_length, pieces
from sources.client._urls import Place
from sources.client._web import Answer
from sources.client.fetching import FetchError

PLACE = Place("https://laws.example/law.xml", "https://laws.example/law.xml")


class _Chunks(httpx.SyncByteStream):
    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)


def _answer(*chunks: bytes, coding: str = "gzip", **headers: str) -> Answer:
    raw = httpx.Response(200, headers={"Content-Encoding": coding, **headers}, stream=_Chunks(list(chunks)))
    return Answer(PLACE.official, PLACE, raw)


def _never() -> None:
    pass


@given(st.binary(), st.lists(st.integers(min_value=1, max_value=40), max_size=5))
def test_what_was_packed_comes_back_however_it_is_cut(body: bytes, cuts: list[int]) -> None:
    packed = gzip.compress(body)
    chunks = []
    for cut in cuts:
        chunks.append(packed[:cut])
        packed = packed[cut:]
    assert b"".join(pieces(_answer(*chunks, packed), _never)) == body


@given(st.lists(st.binary(), min_size=1, max_size=4))
def test_several_members_are_one_body(bodies: list[bytes]) -> None:
    packed = b"".join(gzip.compress(body) for body in bodies)
    assert b"".join(pieces(_answer(packed, b"\0" * 7), _never)) == b"".join(bodies)


@given(st.binary(min_size=1))
def test_any_bytes_are_unpacked_or_refused(packed: bytes) -> None:
    try:
        list(pieces(_answer(packed), _never))
    except FetchError as error:
        assert (error.passing, error.again) == (True, True)


def test_a_bomb_is_unpacked_in_small_pieces_until_it_is_found_out() -> None:
    sizes = []
    with pytest.raises(FetchError, match="unpacks to more than 200 times its size") as found:
        for piece in pieces(_answer(gzip.compress(b"\0" * 100_000_000)), _never):
            sizes.append(len(piece))
    assert not found.value.passing
    assert max(sizes) <= 65_536
    assert sum(sizes) <= 20_000_000


def test_a_body_that_packs_well_is_no_bomb() -> None:
    body = b"<law/>" * 1_000_000
    assert b"".join(pieces(_answer(gzip.compress(body)), _never)) == body


def test_a_body_cut_in_the_middle_is_refused() -> None:
    with pytest.raises(FetchError, match="ended in the middle of its gzip"):
        list(pieces(_answer(gzip.compress(b"<law/>")[:-4]), _never))


def test_the_beginning_leaves_the_rest() -> None:
    assert beginning(_answer(b"abc", b"def", b"ghi", coding="identity"), 5, _never) == b"abcde"


@pytest.mark.parametrize(
    ("value", "length"), [("0", 0), ("12", 12), ("-1", None), ("1, 1", None), ("x", None), ("9" * 30, None), ("", None)]
)
def test_a_declared_length(value: str, length: int | None) -> None:
    assert declared_length(_answer(**{"Content-Length": value})) == length
