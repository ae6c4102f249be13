"""A reader of packs written from docs/formats/pack.md alone, held against what the engine writes."""

import zlib
from collections import defaultdict

import numpy as np
import pytest
from tests import specification

from sonica import _engine

KEYS, GROUPS = 33 * 111 * 429, 49_108
Postings = dict[int, list[int]]


def u(data: bytes, start: int, size: int) -> int:
    return int.from_bytes(data[start : start + size], "little")


def sections_of(pack: bytes) -> dict[bytes, bytes]:
    count = u(pack, 6, 2)
    assert (pack[:4], u(pack, 4, 2), pack[13:16]) == (b"SNPK", 4, bytes(3))
    assert u(pack, 8, 4) == zlib.crc32(pack[:8] + pack[12 : 16 + 24 * count])
    found = {}
    for entry in range(16, 16 + 24 * count, 24):
        start, length = u(pack, entry + 8, 8), u(pack, entry + 16, 8)
        content = pack[start : start + length]
        assert u(pack, entry + 4, 4) == zlib.crc32(content)
        found[pack[entry : entry + 4]] = content
    return found


class Bits:
    """Numbers from bits that begin with the least significant."""

    def __init__(self, data: bytes) -> None:
        self.rest = "".join(f"{byte:08b}"[::-1] for byte in data)

    def take(self, count: int) -> int:
        taken, self.rest = self.rest[:count], self.rest[count:]
        return int(taken[::-1] or "0", 2)

    def zeros(self) -> int:
        """Before the next one, which is taken too."""
        count = self.rest.index("1")
        self.rest = self.rest[count + 1 :]
        return count


def lists_of(found: dict[bytes, bytes], group: int, line: int) -> list[list[int]]:
    keys, postings = found[b"KEYS"], found[b"POST"]
    place, form = u(keys, 6 * group, 5), keys[6 * group + 5]
    width = line.bit_length()
    if form == 0:
        return []
    if form < 64:
        bits = Bits(postings[place : place + 1_000])
        counts = [bits.zeros() for _ in range(32)]
        assert sum(counts) == form
        return [[bits.take(width) for _ in range(count)] for count in counts]
    wide, place = form % 64, place + 6 * GROUPS
    head, data = Bits(keys[place + 5 : place + 1_000]), u(keys, place, 5)
    ends, lengths = [0], [0]
    for _ in range(32):
        ends.append(head.take(wide))
        lengths.append(head.take(wide + 5) if form >= 128 else 0)
    counts = list(np.diff(ends))
    bits = Bits(postings[data : data + ends[-1] * 4 + 1])
    if form < 128:
        return [[bits.take(width) for _ in range(count)] for count in counts]
    lists = []
    for count, length in zip(counts, np.diff(lengths), strict=True):
        before = len(bits.rest)
        low = max([k for k in range(32) if count << k <= 11 * line // 16], default=0)
        high = [bits.zeros() for _ in range(count)]
        gaps = [(zeros << low) + bits.take(low) for zeros in high]
        lists.append(np.cumsum(gaps).tolist())
        assert before - len(bits.rest) == length
    return lists


def index_of(found: dict[bytes, bytes], line: int) -> Postings:
    assert found[b"POST"][-8:] == found[b"KEYS"][-8:] == bytes(8)
    index: Postings = {}
    for group in range(GROUPS):
        lists = lists_of(found, group, line)
        index.update((key, hops) for key, hops in enumerate(lists, 32 * group) if hops)
    assert max(index) < KEYS
    return index


def landmarks_of(peaks: list[specification.Peak], start: int) -> Postings:
    found: Postings = defaultdict(list)
    strong = [peak for peak in peaks if peak[2] <= 8]
    for place, (time, frequency, _) in enumerate(strong):
        follow = [
            (t - time, f - frequency)
            for t, f, _ in strong[place + 1 : place + 400]
            if 8 <= t - time <= 256 and abs(f - frequency) <= 108
        ]
        for gap, interval in follow[:4]:
            cells = ((gap + 4) // 8, (interval + 1) // 2 + 55, (frequency + 1) // 2)
            found[(cells[0] * 111 + cells[1]) * 429 + cells[2]].append((time + 4) // 8 + start)
    return found


@pytest.mark.parametrize("profile", ["full", "lite"])
def test_a_reader_written_from_the_page_finds_every_landmark(profile: str) -> None:
    rng = np.random.default_rng(4)
    builder = _engine.PackBuilder(profile)
    sound = rng.standard_normal(8_000 * 40).astype(np.float32)
    tune = sum(np.sin(2 * np.pi * f * np.arange(8_000 * 12) / 8_000) for f in (250, 440, 900))
    parts = [sound, sound[: 8_000 * 9], np.asarray(tune, np.float32), *[sound[8_000:]] * 60]
    ids = [9, 3, 7, *range(20, 80)]
    for id_, part in zip(ids, parts, strict=True):
        builder.add(id_, id_, _engine.fingerprint(part, 8_000))
    pack = builder.build()
    found = sections_of(pack)
    assert pack[12] == ["full", "lite"].index(profile)
    order = [u(found[b"SORT"], 4 * place, 4) for place in range(len(ids))]
    assert [ids[row] for row in order] == sorted(ids)
    expected: Postings = defaultdict(list)
    start = 1_024
    for row in range(len(ids)):
        at = 48 * row
        assert u(found[b"RECS"], at + 16, 4) == start
        offset, length = u(found[b"RECS"], at + 24, 8), u(found[b"RECS"], at + 32, 4)
        duration, peaks = specification.decode(found[b"PRNT"][offset : offset + length])
        assert profile == "full" or {rank for _, _, rank in peaks} <= {0, 1}
        for key, hops in landmarks_of(peaks, start).items():
            expected[key] += hops
        start = -(-(start + duration // 8 + 1 + 1_024) // 4) * 4
    assert index_of(found, start) == expected
    forms = {found[b"KEYS"][6 * group + 5] // 64 for group in range(GROUPS)}
    assert forms == {0, 1, 2} or profile == "lite"
