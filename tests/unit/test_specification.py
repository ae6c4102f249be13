"""docs/formats/fingerprint.md is enough to write another engine, and its numbers are those of this one."""

import ast
import contextlib
import operator
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import specification as page
from tests.unit.test_identity import SOUNDS, Samples

from sonica import _engine

SOURCE = Path(__file__).resolve().parents[2] / "engine" / "core" / "src"
by_name = pytest.mark.parametrize(("sound", "made"), SOUNDS, ids=[sound["name"] for sound, _ in SOUNDS])


def pieces(made: Samples, rate: int) -> list[Samples]:
    """As the frames of the vectors are cut."""
    step = rate // 2
    return [made[start : start + step] for start in range(0, max(len(made), 1), step)]


@by_name
def test_an_encoder_from_the_page_gives_the_same_bytes(sound: dict[str, Any], made: Samples) -> None:
    assert page.fingerprint(made, sound["rate"]) == _engine.fingerprint(made, sound["rate"])


@by_name
def test_decoders_from_the_page_read_the_same(sound: dict[str, Any], made: Samples) -> None:
    data = _engine.fingerprint(made, sound["rate"])
    info = _engine.read_fingerprint(data)
    duration, peaks = page.decode(data)
    assert info.duration_s == np.float32(duration) / np.float32(250)
    times, frequencies, ranks = np.array(peaks).reshape(-1, 3).T
    assert np.array_equal(info.time_s, times.astype(np.float32) / np.float32(250))
    np.testing.assert_allclose(info.frequency_hz, 58.59375 * 2 ** (frequencies / 144), rtol=2e-6)
    assert np.array_equal(info.rank, ranks)
    assert peaks == sorted(set(peaks))


@by_name
def test_frames_from_the_page_are_the_same(sound: dict[str, Any], made: Samples) -> None:
    listening, frames, old = _engine.Fingerprinter(sound["rate"]), list[bytes](), list[page.Peak]()
    cut = pieces(made, sound["rate"])
    for due, piece in enumerate(cut):
        listening.push(piece)
        flags = {"key": due % 5 == 0, "last": due + 1 == len(cut)}
        frames.append(listening.frame(**flags))
        heard = page.decode(listening.snapshot())
        assert page.assemble(frames) == heard
        before = frames[-2][-4:] if due else b""
        assert frames[-1] == page.frame_of(due, before, old, heard, **flags)
        old = heard[1]


def test_the_examples_of_the_page_are_right() -> None:
    fingerprint, *frames = page.EXAMPLES
    sounds = {sound["name"]: (made, sound["rate"]) for sound, made in SOUNDS}
    names = re.findall(r"^`(.* samples at 8000 Hz)` of the vectors", page.PAGE, re.MULTILINE)
    assert names == ["1535 samples at 8000 Hz", "3327 samples at 8000 Hz"]
    assert fingerprint == _engine.fingerprint(*sounds[names[0]])
    assert page.decode(fingerprint) == (48, [(24, 35, 0), (24, 467, 0), (24, 695, 13)])
    made, rate = sounds[names[1]]
    listening = _engine.Fingerprinter(rate)
    listening.push(made[:1_792])
    first = listening.frame()
    listening.push(made[1_792:])
    assert frames == [first, listening.frame(last=True)]
    for count in (1, 2):
        duration, peaks = page.assemble(frames[:count])
        told = {tuple(map(int, peak)) for peak in re.findall(r"\((\d+), (\d+), (\d+)\)", page.PAGE)}
        assert f"{duration} steps" in page.PAGE
        assert set(peaks) <= told


def constants() -> dict[str, float]:
    """The constants of the engine's files that make the format: numbers, and what is computed from two."""
    files = ("params", "resample", "spectrum", "peaks", "coder")
    text = "\n".join((SOURCE / f"{name}.rs").read_text() for name in files)
    values: dict[str, float] = {}

    def value(node: ast.expr) -> float:
        match node:  # numbers, sums and products are written in Rust as in Python
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name):
                return values[name]
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATORS[type(op)](value(left), value(right))
        raise SyntaxError

    for name, formula in re.findall(r"const ([A-Z_]+): \w+ =\s*([^;]+);", text):
        with contextlib.suppress(SyntaxError, KeyError):
            values[name] = value(ast.parse(formula, mode="eval").body)
    return values


OPERATORS: dict[type[ast.operator], Callable[[Any, Any], float]] = {
    ast.Add: operator.add,
    ast.Mult: operator.mul,
    ast.LShift: operator.lshift,
}


def test_the_numbers_of_the_page_are_those_of_the_engine() -> None:
    engine = constants()
    # The engine computes this one: as many as can rank among half of a neighbourhood, in each band.
    width = 2 * page.whole("RANK_FRAMES") + 1
    bands = [page.whole(f"{band}_PEAKS_PER_SECOND") for band in ("UPPER", "LOWER")]
    engine["MOST_TOGETHER"] = sum(-(-places * width // 31) for places in bands)
    assert {name: engine[name] for name in page.NUMBERS} == page.NUMBERS
    assert len(page.NUMBERS) > 30


def test_the_page_has_all_numbers_that_make_a_format() -> None:
    named = re.findall(r"pub const ([A-Z_]+):", (SOURCE / "params.rs").read_text())
    assert set(named) - {"BINS"} <= set(page.NUMBERS)  # which is half of the transform
