"""What travels between a process that answers and one that searches: messages, each after its length.

    u32 length of the rest · u8 kind · the rest, by its kind          all numbers big endian

The first message of each end says what speaks, and in which version; nothing else is read before it. Pure:
bytes in, messages out, in pieces of any size. Both ends are ours; yet whatever comes, no more than MOST bytes
are held for it, and what is no message raises WireError.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

VERSION = 1
MAGIC = b"SONICA"
MOST = 1 << 20
"""Bytes of a message at most, its length and kind not counted."""
MOST_HELLO = 64
"""The same of the first one."""
MOST_ASKS, BATCH_BYTES = 32, 256 << 10
"""A batch is sent once it holds so many questions, or so many bytes."""
MOST_FINGERPRINT = 64 << 10
MOST_ANSWER = 256 << 10
"""Bytes of what is said to one question."""
MOST_ID = 64
"""Bytes of the id of a request."""


_HEAD = struct.Struct(">IB")
_NAME = struct.Struct(">6sH")
_HELLO = struct.Struct(">dd")
_WELCOME = struct.Struct(">I")
_COUNT = struct.Struct(">H")
_ASK = struct.Struct(">IBIBI")
_NUMBER = struct.Struct(">I")
_TOLD = struct.Struct(">IBII")
_PONG = struct.Struct(">BIQ")


class Mode(IntEnum):
    """How to search: for every speed, tempo and pitch; for none; or for none while others wait."""

    THOROUGH = 0
    NOMINAL = 1
    NOMINAL_IF_BUSY = 2


class WireError(Exception):
    """What came is no message of this version. It says what to do about it."""


class Hello(NamedTuple):
    """Who asks, and the confidences that its answers are judged by."""

    match_at: float
    unsure_at: float


class Welcome(NamedTuple):
    """Who searches, `threads` at a time."""

    threads: int


class Ask(NamedTuple):
    """A fingerprint to be searched for within `patience_ms`. `number`: of this question."""

    number: int
    mode: Mode
    patience_ms: int
    request_id: bytes
    fingerprint: bytes


class Asks(NamedTuple):
    """Several at once."""

    asks: tuple[Ask, ...]


class Drops(NamedTuple):
    """Questions whose answers nobody waits for any more."""

    numbers: tuple[int, ...]


class Ping(NamedTuple):
    """Are you there?"""


class Pong(NamedTuple):
    """Yes. `is_well`: whether the packs can be read."""

    is_well: bool
    packs: int
    recordings: int


class Told(NamedTuple):
    """What a question is answered: JSON of an answer, or else of a problem; `spent_us`: microseconds here."""

    number: int
    is_answer: bool
    spent_us: int
    said: bytes


class Tolds(NamedTuple):
    """Several at once."""

    tolds: tuple[Told, ...]


class Going(NamedTuple):
    """Ask no more: what has come is answered, then this end is gone."""


Message = Hello | Welcome | Asks | Drops | Ping | Pong | Tolds | Going


def encode(message: Message) -> bytes:
    """The message as it travels. Raises ValueError where it is larger than the other end takes."""
    kind = _KINDS.index(type(message))
    body = b"".join(_body(message))
    if len(body) > MOST:
        raise ValueError(f"a message of {len(body):,} bytes")
    return _HEAD.pack(len(body), kind) + body


def _body(message: Message) -> Iterator[bytes]:
    if isinstance(message, Hello):
        yield _NAME.pack(MAGIC, VERSION)
        yield _HELLO.pack(*message)
    elif isinstance(message, Welcome):
        yield _NAME.pack(MAGIC, VERSION)
        yield _WELCOME.pack(*message)
    elif isinstance(message, Asks):
        yield _COUNT.pack(len(message.asks))
        for number, mode, patience_ms, request_id, fingerprint in message.asks:
            yield _ASK.pack(number, mode, patience_ms, len(request_id), len(fingerprint))
            yield request_id
            yield fingerprint
    elif isinstance(message, Drops):
        for number in message.numbers:
            yield _NUMBER.pack(number)
    elif isinstance(message, Pong):
        yield _PONG.pack(*message)
    elif isinstance(message, Tolds):
        yield _COUNT.pack(len(message.tolds))
        for number, is_answer, spent_us, said in message.tolds:
            yield _TOLD.pack(number, is_answer, spent_us, len(said))
            yield said


class Decoder:
    """One end of a connection. `first`: what the other end is to say first: Hello, or Welcome."""

    def __init__(self, first: type[Hello] | type[Welcome]) -> None:
        self._first = first
        self._taken = (Asks, Drops, Ping) if first is Hello else (Tolds, Pong, Going)
        self._held = bytearray()
        self.has_met = False
        """Whether the first message has come."""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that these bytes complete. Raises WireError; then the connection is of no more use."""
        self._held += data
        place, messages = 0, list[Message]()
        while len(self._held) - place >= _HEAD.size:
            length, kind = _HEAD.unpack_from(self._held, place)
            self._check(length, kind)
            end = place + _HEAD.size + length
            if len(self._held) < end:
                break
            messages.append(_read(kind, bytes(self._held[place + _HEAD.size : end])))
            self.has_met, place = True, end
        del self._held[:place]
        return messages

    def _check(self, length: int, kind: int) -> None:
        if length > (MOST if self.has_met else MOST_HELLO):
            raise WireError(f"A message of {length:,} bytes: does a Sonica speak there?")
        known = _KINDS[kind] if kind < len(_KINDS) else None
        if known not in self._taken if self.has_met else known is not self._first:
            raise WireError(f"A message of kind {kind} where none is due: does a Sonica speak there?")


class _Rest:
    """What is left of a message. Raises WireError where it is too short, or too long at the end."""

    def __init__(self, body: bytes) -> None:
        self._body, self._place = body, 0

    def values(self, of: struct.Struct) -> tuple[int, ...]:
        return of.unpack(self.bytes(of.size))

    def bytes(self, count: int) -> bytes:
        begin, self._place = self._place, self._place + count
        if self._place > len(self._body):
            raise WireError("A message is shorter than it says.")
        return self._body[begin : self._place]

    def is_left(self) -> bool:
        return self._place < len(self._body)

    def end(self) -> None:
        if self._place != len(self._body):
            raise WireError("A message is longer than it says.")


def _read(kind: int, body: bytes) -> Message:
    rest = _Rest(body)
    message = _READ[_KINDS[kind]](rest)
    rest.end()
    return message


def _check_name(rest: _Rest) -> None:
    magic, version = _NAME.unpack(rest.bytes(_NAME.size))
    if magic != MAGIC:
        raise WireError("No Sonica speaks there.")
    if version != VERSION:
        raise WireError(f"It speaks version {version}, this end {VERSION}: run the same Sonica at both ends.")


def _hello(rest: _Rest) -> Hello:
    _check_name(rest)
    match_at, unsure_at = _HELLO.unpack(rest.bytes(_HELLO.size))
    if not 0 <= unsure_at <= match_at <= 1:
        raise WireError("Thresholds that cannot be.")
    return Hello(match_at, unsure_at)


def _welcome(rest: _Rest) -> Welcome:
    _check_name(rest)
    return Welcome(*rest.values(_WELCOME))


def _asks(rest: _Rest) -> Asks:
    (count,) = rest.values(_COUNT)
    return Asks(tuple(_ask(rest) for _ in range(_at_most(count, MOST_ASKS))))


def _ask(rest: _Rest) -> Ask:
    number, mode, patience_ms, id_bytes, fingerprint_bytes = rest.values(_ASK)
    if mode >= len(Mode):
        raise WireError(f"A question of kind {mode}.")
    request_id = rest.bytes(_at_most(id_bytes, MOST_ID))
    if not request_id.isascii():
        raise WireError("The id of a request is no text.")
    fingerprint = rest.bytes(_at_most(fingerprint_bytes, MOST_FINGERPRINT))
    return Ask(number, Mode(mode), patience_ms, request_id, fingerprint)


def _drops(rest: _Rest) -> Drops:
    return Drops(tuple(_numbers(rest)))


def _numbers(rest: _Rest) -> Iterable[int]:
    while rest.is_left():
        yield rest.values(_NUMBER)[0]


def _tolds(rest: _Rest) -> Tolds:
    (count,) = rest.values(_COUNT)
    return Tolds(tuple(_told(rest) for _ in range(_at_most(count, MOST_ASKS))))


def _told(rest: _Rest) -> Told:
    number, is_answer, spent_us, length = rest.values(_TOLD)
    if is_answer > 1:
        raise WireError("An answer of a kind that is not known.")
    return Told(number, bool(is_answer), spent_us, rest.bytes(_at_most(length, MOST_ANSWER)))


def _pong(rest: _Rest) -> Pong:
    is_well, packs, recordings = rest.values(_PONG)
    if is_well > 1:
        raise WireError("It is neither well nor not.")
    return Pong(bool(is_well), packs, recordings)


def _at_most(count: int, most: int) -> int:
    if count > most:
        raise WireError(f"{count:,} of what there are {most:,} of at most.")
    return count


_READ: Mapping[type[Message], Callable[[_Rest], Message]] = {
    Hello: _hello,
    Welcome: _welcome,
    Asks: _asks,
    Drops: _drops,
    Ping: lambda _: Ping(),
    Pong: _pong,
    Tolds: _tolds,
    Going: lambda _: Going(),
}
_KINDS = tuple(_READ)
"""In the order of their numbers."""
