"""What travels between services and engines: whole in pieces of any size, and never more than its bound."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonica.gateway.engines import wire
from sonica.gateway.engines.said import read_told, write_answer, write_problem
from sonica.gateway.engines.wire import (
    Ask,
    Asks,
    Decoder,
    Drops,
    Going,
    Hello,
    Message,
    Mode,
    Ping,
    Pong,
    Told,
    Tolds,
    Welcome,
    WireError,
    encode,
)
from sonica.gateway.problems import Problem
from sonica.platform.failures import Failure
from sonica.recognition import Answer, Candidate, SongRef, Timings

U32 = st.integers(0, 2**32 - 1)
SHARE = st.floats(0, 1)
IDS = st.text(st.characters(codec="ascii"), max_size=wire.MOST_ID).map(str.encode)
ASK = st.builds(Ask, U32, st.sampled_from(Mode), U32, IDS, st.binary(max_size=300))
TOLD = st.builds(Told, U32, st.booleans(), U32, st.binary(max_size=300))
HELLO = st.tuples(SHARE, SHARE).map(lambda both: Hello(max(both), min(both)))
WELCOME = st.builds(Welcome, U32)
TO_ENGINE = st.one_of(
    st.lists(ASK, max_size=wire.MOST_ASKS).map(lambda asks: Asks(tuple(asks))),
    st.lists(U32, max_size=50).map(lambda numbers: Drops(tuple(numbers))),
    st.just(Ping()),
)
TO_SERVICE = st.one_of(
    st.lists(TOLD, max_size=wire.MOST_ASKS).map(lambda tolds: Tolds(tuple(tolds))),
    st.builds(Pong, st.booleans(), U32, st.integers(0, 2**64 - 1)),
    st.just(Going()),
)
TALKS = st.one_of(
    st.tuples(st.just(Hello), HELLO, st.lists(TO_ENGINE, max_size=8)),
    st.tuples(st.just(Welcome), WELCOME, st.lists(TO_SERVICE, max_size=8)),
)
"""Who speaks first, what, and what then."""
Talk = tuple[type[Hello] | type[Welcome], Message, list[Message]]
NAMED: dict[type, Message] = {Hello: Hello(0.9, 0.5), Welcome: Welcome(4)}


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """In pieces of these sizes, the last one as long as need be."""
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [*pieces, data]


def hold(decoder: Decoder) -> int:
    return len(decoder._held)


@given(talk=TALKS, sizes=st.lists(st.integers(0, 200), max_size=60))
def test_what_is_sent_comes_whatever_the_pieces(talk: Talk, sizes: list[int]) -> None:
    first, hello, messages = talk
    decoder, come = Decoder(first), list[Message]()
    for piece in cut(b"".join(map(encode, (hello, *messages))), sizes):
        come += decoder.feed(piece)
    assert come == [hello, *messages]
    assert hold(decoder) == 0


@given(talk=TALKS, share=SHARE)
def test_what_is_cut_off_is_waited_for(talk: Talk, share: float) -> None:
    first, hello, messages = talk
    whole = b"".join(map(encode, (hello, *messages)))
    come = Decoder(first).feed(whole[: int(share * (len(whole) - 1))])
    assert come == [hello, *messages][: len(come)]
    assert len(come) < 1 + len(messages)


@given(
    first=st.sampled_from([Hello, Welcome]), data=st.binary(max_size=2000), sizes=st.lists(st.integers(0, 99))
)
def test_garbage_is_refused_or_waited_for(
    first: type[Hello] | type[Welcome], data: bytes, sizes: list[int]
) -> None:
    decoder = Decoder(first)
    with suppress(WireError):
        for piece in cut(data, sizes):
            come = decoder.feed(piece)
            assert not come or data[5:11] == wire.MAGIC
            assert hold(decoder) <= wire.MOST_HELLO + 5


@given(talk=TALKS, places=st.lists(st.tuples(SHARE, st.integers(1, 255)), min_size=1, max_size=4))
def test_spoiled_bytes_are_refused_or_are_other_messages(talk: Talk, places: list[tuple[float, int]]) -> None:
    first, hello, messages = talk
    whole = bytearray(b"".join(map(encode, (hello, *messages))))
    for share, change in places:
        whole[int(share * (len(whole) - 1))] ^= change
    decoder = Decoder(first)
    try:
        come = decoder.feed(bytes(whole))
    except WireError:
        return
    assert all(isinstance(one, Hello | Welcome) == (number == 0) for number, one in enumerate(come))
    assert all(len(encode(one)) <= wire.MOST + 5 for one in come)


@pytest.mark.parametrize("first", [Hello, Welcome])
@pytest.mark.parametrize("length", [wire.MOST_HELLO + 1, wire.MOST + 1, 2**32 - 1])
def test_no_room_is_made_for_what_is_too_long(first: type[Hello] | type[Welcome], length: int) -> None:
    decoder = Decoder(first)
    kind = 0 if first is Hello else 1
    with pytest.raises(WireError, match="does a Sonica speak there"):
        decoder.feed(struct.pack(">IB", length, kind))
    met = Decoder(first)
    met.feed(encode(NAMED[first]))
    kind = 2 if first is Hello else 6
    if length > wire.MOST:
        with pytest.raises(WireError, match="does a Sonica speak there"):
            met.feed(struct.pack(">IB", length, kind))
    else:
        assert met.feed(struct.pack(">IB", length, kind)) == []


@pytest.mark.parametrize("first", [Hello, Welcome])
def test_other_versions_and_programs_are_told_of(first: type[Hello] | type[Welcome]) -> None:
    hello = bytearray(encode(NAMED[first]))
    hello[12] += 1
    with pytest.raises(WireError, match="version 2, this end 1: run the same Sonica at both ends"):
        Decoder(first).feed(bytes(hello))
    hello[5:11] = b"MUSICA"
    with pytest.raises(WireError, match="No Sonica"):
        Decoder(first).feed(bytes(hello))
    for said in (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"):
        with pytest.raises(WireError, match="does a Sonica speak there"):
            Decoder(first).feed(said)


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (Hello, Asks(())),
        (Welcome, Tolds(())),
        (Hello, Welcome(1)),
        (Welcome, Hello(0.9, 0.5)),
    ],
)
def test_nothing_comes_before_the_name_nor_the_name_twice(
    first: type[Hello] | type[Welcome], message: Message
) -> None:
    with pytest.raises(WireError, match="where none is due"):
        Decoder(first).feed(encode(message))
    met = Decoder(first)
    met.feed(encode(NAMED[first]))
    with pytest.raises(WireError, match="where none is due"):
        met.feed(encode(NAMED[first]))


def asks(
    count: int, *, mode: int = 0, request_id: bytes = b"", fingerprint: int = 0, given: int = 0
) -> bytes:
    ask = struct.pack(">IBIBI", 1, mode, 1, len(request_id), fingerprint) + request_id + bytes(given)
    body = struct.pack(">H", count) + ask
    return struct.pack(">IB", len(body), 2) + body


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (asks(2), "shorter than it says"),
        (asks(0), "longer than it says"),
        (asks(1, given=1), "longer than it says"),
        (asks(1, fingerprint=1), "shorter than it says"),
        (asks(33), "33 of what there are 32"),
        (asks(1, mode=3), "question of kind 3"),
        (asks(1, request_id=b"a" * 65), "65 of what there are 64"),
        (asks(1, request_id=b"\xff"), "no text"),
        (asks(1, fingerprint=2**16 + 1), "65,537 of what there are 65,536"),
        (struct.pack(">IB3s", 3, 3, b"abc"), "shorter than it says"),
        (struct.pack(">IB1s", 1, 4, b"a"), "longer than it says"),
        (struct.pack(">IB", 0, 8), "kind 8"),
    ],
)
def test_each_number_is_checked(data: bytes, why: str) -> None:
    decoder = Decoder(Hello)
    decoder.feed(encode(NAMED[Hello]))
    with pytest.raises(WireError, match=why):
        decoder.feed(data)


@pytest.mark.parametrize("thresholds", [(0.5, 0.9), (1.5, 0.5), (float("nan"), 0.5), (0.9, float("nan"))])
def test_thresholds_are_checked(thresholds: tuple[float, float]) -> None:
    with pytest.raises(WireError, match="Thresholds"):
        Decoder(Hello).feed(encode(Hello(*thresholds)))


def test_what_the_other_end_would_refuse_is_not_sent() -> None:
    told = Told(1, is_answer=True, spent_us=1, said=bytes(wire.MOST_ANSWER))
    with pytest.raises(ValueError, match="a message of"):
        encode(Tolds((told,) * 5))


# --- what is told -----------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FLOAT = st.floats(allow_nan=False, allow_infinity=False)
SONG = st.builds(
    SongRef,
    id=st.integers(0, 2**53),
    recording_id=st.integers(0, 2**53),
    title=TEXT,
    artist=TEXT,
    language=TEXT,
    path=TEXT,
    duration_s=st.none() | FLOAT,
)
CANDIDATE = st.builds(
    Candidate, song=SONG, offset_s=FLOAT, speed=FLOAT, pitch_semitones=FLOAT, confidence=SHARE
)
ANSWER = st.builds(
    Answer,
    file=TEXT,
    status=st.sampled_from(["match", "unsure", "none", "error"]),
    ambiguous=st.booleans(),
    song=st.none() | SONG,
    offset_s=st.none() | FLOAT,
    speed=st.none() | FLOAT,
    pitch_semitones=st.none() | FLOAT,
    confidence=SHARE,
    alternatives=st.lists(CANDIDATE, max_size=3).map(tuple),
    timings_ms=st.builds(Timings, decode=FLOAT, fingerprint=FLOAT, search=FLOAT),
    error=st.none() | st.builds(Failure, code=TEXT, message=TEXT, hint=TEXT),
)


@given(answer=ANSWER)
def test_an_answer_keeps_every_digit(answer: Answer) -> None:
    assert read_told(Told(1, True, 0, write_answer(answer))) == answer


@given(detail=TEXT, code=st.none() | TEXT, retry_after=st.none() | st.integers(0, 99))
def test_a_problem_is_the_same_on_the_other_side(
    detail: str, code: str | None, retry_after: int | None
) -> None:
    problem = Problem(503, "busy", detail, code=code, retry_after=retry_after)
    with pytest.raises(Problem) as told:
        read_told(Told(1, False, 0, write_problem(problem)))
    assert told.value.document(None) == problem.document(None)
    assert (told.value.retry_after, told.value.headers) == (retry_after, problem.headers)


@given(
    is_answer=st.booleans(),
    said=st.one_of(st.binary(max_size=200), st.from_regex(rb'\{"[a-z_]+": *.{0,20}\}')),
)
def test_what_is_neither_is_refused(is_answer: bool, said: bytes) -> None:
    with pytest.raises(WireError):
        read_told(Told(1, is_answer, 0, said))


def test_a_problem_of_no_type_is_refused() -> None:
    said = b'{"status": 503, "type": "../x", "detail": "", "code": null, "retry_after": null}'
    with pytest.raises(WireError, match="type"):
        read_told(Told(1, False, 0, said))
