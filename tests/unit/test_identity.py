"""The identity suite, through Python: `sonica._engine` gives the bytes that native Rust gives.

The vectors and what they are for: engine/identity. The sounds are made here with the same arithmetic
as in engine/identity/src/signals.rs, where it is explained; whole numbers only, wrapping at 32 bits.
"""

import hashlib
import itertools
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sonica import _engine

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]
Samples = NDArray[np.float32]

ROOT = Path(__file__).resolve().parents[2]
VECTORS: dict[str, Any] = json.loads((ROOT / "engine" / "identity" / "vectors.json").read_text())
SHORT = 3_000
"""Sounds up to this length (samples) are also pushed one sample at a time."""

# fmt: off
PITCHES = np.array([
    220_000, 233_082, 246_942, 261_626, 277_183, 293_665, 311_127, 329_628, 349_228, 369_994, 391_995,
    415_305, 440_000, 466_164, 493_883, 523_251, 554_365, 587_330, 622_254, 659_255, 698_456, 739_989,
    783_991, 830_609,
], dtype=np.uint64)
# fmt: on
HOSTILE = np.array(
    [0x7FC00000, 0x7F800000, 0xFF800000, 0x7F7FFFFF, 0xFF7FFFFF, 1, 0x80000000], dtype=np.uint32
)


def mix(x: U32) -> U32:
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def noise(seed: int, n: U32) -> I64:
    start = np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
    return (mix(n + start) >> 16).astype(np.int64) - 32_768


def saw(phase: U32) -> I64:
    return (phase >> 16).astype(np.int64) - 32_768


def triangle(phase: U32) -> I64:
    t = (phase >> 15).astype(np.int64)
    return np.where(t < 65_536, t - 32_768, 98_303 - t)


def step(millihertz: NDArray[np.uint64], rate: int) -> U32:
    return ((millihertz << np.uint64(32)) // np.uint64(1_000 * rate)).astype(np.uint32)


def song(seed: int, rate: int, n: U32) -> I64:
    beat = rate // 8
    total = np.zeros(len(n), np.int64)
    for voice in range(4):
        length = beat * (voice + 1)
        note, age = n // np.uint32(length), n % np.uint32(length)
        key = mix(mix(np.array([seed * 4 + voice], np.uint32)) + note)
        pitch = PITCHES[(key >> 8) % len(PITCHES)] // np.uint64(4 if voice == 3 else 1)
        phase = step(pitch, rate) * age
        wave = triangle(phase) if voice % 2 == 0 else saw(phase)
        fade = 256 - age.astype(np.int64) * 256 // length
        total += np.where(key % 4 == 0, 0, (wave * fade) >> 8)
    age, length = n % np.uint32(2 * beat), beat // 4
    drum = (noise(seed, n) * (256 - age.astype(np.int64) * 256 // length)) >> 8
    return total + np.where(age < length, drum, 0)


def square(_seed: int, rate: int, n: U32) -> I64:
    return 1 - 2 * ((step(np.array([440_000], np.uint64), rate) * n) >> 31).astype(np.int64)


def chirp(_seed: int, rate: int, n: U32) -> I64:
    wide = n.astype(np.uint64)
    steps = wide * np.where(wide > 0, wide - np.uint64(1), 0) // np.uint64(2)
    return triangle(np.uint32(2**31 // (2 * rate)) * steps.astype(np.uint32))


SIGNALS: dict[str, Callable[[int, int, U32], I64]] = {
    "silence": lambda _seed, _rate, n: np.zeros(len(n), np.int64),
    "constant": lambda _seed, _rate, n: np.ones(len(n), np.int64),
    "noise": lambda seed, _rate, n: noise(seed, n),
    "hostile": lambda seed, _rate, n: noise(seed, n),
    "square": square,
    "chirp": chirp,
    "clicks": lambda _seed, rate, n: np.where(n % np.uint32(rate // 7) == 0, 32_768, 0),
    "song": song,
}


def samples(recipe: dict[str, Any]) -> Samples:
    seed, rate = recipe.get("seed", 0), recipe.get("made_for") or recipe["rate"]
    start = recipe.get("from", 0)
    n = np.arange(start, start + recipe["length"], dtype=np.uint32)
    dust = (noise(seed ^ 0xFFFF, n) * recipe.get("noise", 0)) >> 8
    whole = SIGNALS[recipe["signal"]](seed, rate, n) + dust
    made: Samples = (whole * math.ldexp(1, recipe["exponent"])).astype(np.float32)
    if recipe["signal"] == "hostile":
        place = n % np.uint32(97)
        special = place < len(HOSTILE)
        made.view(np.uint32)[special] = HOSTILE[place[special]]
    return made


def digest(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def pieces(whole: Samples, seed: int, most: int) -> Iterator[Samples]:
    cuts = np.random.default_rng(seed).integers(0, most, 2 + 4 * len(whole) // most)
    at = 0
    for length in itertools.cycle(cuts.tolist()):
        if at >= len(whole):
            return
        yield whole[at : at + length]
        at += length


def pieced(rate: int, parts: Iterator[Samples]) -> bytes:
    fingerprinter = _engine.Fingerprinter(rate)
    for part in parts:
        fingerprinter.push(part)
    return fingerprinter.finish()


SOUNDS = [(sound, samples(sound)) for sound in VECTORS["sounds"]]
by_name = pytest.mark.parametrize(("sound", "made"), SOUNDS, ids=[sound["name"] for sound, _ in SOUNDS])


@by_name
def test_samples_are_those_of_the_vectors(sound: dict[str, Any], made: Samples) -> None:
    assert digest(made.tobytes())["sha256"] == sound["samples"]


@by_name
def test_fingerprints_are_the_same_however_samples_come(sound: dict[str, Any], made: Samples) -> None:
    rate, expected = sound["rate"], sound["fingerprint"]
    assert digest(_engine.fingerprint(made, rate)) == expected
    assert digest(pieced(rate, pieces(made, 1, 700))) == expected
    assert digest(pieced(rate, pieces(made, 2, 20_000))) == expected
    if len(made) <= SHORT:
        assert digest(pieced(rate, (made[i : i + 1] for i in range(len(made))))) == expected
    spread = np.zeros(2 * len(made), np.float32)
    spread[::2] = made
    assert digest(_engine.fingerprint(spread[::2], rate)) == expected


@by_name
def test_a_snapshot_is_the_fingerprint_of_what_was_pushed(sound: dict[str, Any], made: Samples) -> None:
    at = len(made) * 5 // 9
    fingerprinter = _engine.Fingerprinter(sound["rate"])
    fingerprinter.push(made[:at])
    assert fingerprinter.snapshot() == _engine.fingerprint(made[:at], sound["rate"])
    fingerprinter.push(made[at:])
    assert digest(fingerprinter.finish()) == sound["fingerprint"]


@by_name
def test_frames_are_the_same_and_add_up(sound: dict[str, Any], made: Samples) -> None:
    rate, whole = sound["rate"], b""
    listening, received = _engine.Fingerprinter(rate), _engine.FrameAssembler()
    step = rate // 2
    for number, start in enumerate(range(0, max(len(made), 1), step)):
        listening.push(made[start : start + step])
        frame = listening.frame(key=number % 5 == 0, last=start + step >= len(made))
        received.push(frame)
        assert received.fingerprint() == listening.snapshot()
        whole += frame
    assert digest(whole) == sound["frames"]
    assert digest(received.fingerprint()) == sound["fingerprint"]
    assert received.ended


def answer(found: _engine.Answer) -> dict[str, Any]:
    """An answer in the terms of the vectors, which name all parts as Python does."""
    expected = VECTORS["queries"][0]["answer"]
    parts = {name: getattr(found, name) for name in expected if name != "hits"}
    hits = [{name: getattr(hit, name) for name in expected["hits"][0]} for hit in found.hits]
    return {**parts, "hits": hits}


def as_f32(value: Any) -> Any:
    """The vectors' numbers are the shortest decimals that give the same f32."""
    if isinstance(value, float):
        return float(np.float32(value))
    if isinstance(value, list):
        return [as_f32(item) for item in value]
    return {key: as_f32(item) for key, item in value.items()} if isinstance(value, dict) else value


def test_the_pack_and_its_answers_are_the_same() -> None:
    prints = {sound["name"]: _engine.fingerprint(made, sound["rate"]) for sound, made in SOUNDS}
    builder = _engine.PackBuilder()
    for row in VECTORS["recordings"]:
        title, artist, language = row["texts"]
        print_of = prints[row["sound"]]
        ids = (row["recording_id"], row["song_id"])
        builder.add(*ids, print_of, title=title, artist=artist, language=language)
    data = builder.build()
    assert digest(data) == VECTORS["pack"]
    pack = _engine.Pack.from_bytes(data)
    queries = VECTORS["queries"]
    for query in queries:
        found = _engine.recognize(
            [pack],
            prints[query["sound"]],
            exclude=query.get("exclude", []),
            limit=query["limit"],
            exhaustive=query["exhaustive"],
        )
        assert answer(found) == as_f32(query["answer"]), query["sound"]
    assert {query["answer"]["status"] for query in queries} >= {"match", "none"}
