"""Asks for every clip, and says what kind of answer came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.accuracy.progress import Progress, silent
from bench.families.model import Recording
from bench.families.queries import Clip, clips
from sonica import _engine
from sonica.audio.compose import RATE


class Outcome(StrEnum):
    """What an answer is worth."""

    TOGETHER = "together"
    RIGHT = "right"
    RELATIVE = "relative"
    WRONG = "wrong"
    WRONG_TOGETHER = "all wrong"
    NONE = "nobody"


class Part(StrEnum):
    """What was heard: something that relatives share, something of the recording's own, or that again
    while the recording itself was absent.
    """

    SHARED = "shared"
    OWN = "own"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Asked:
    """One clip, what was named, and what that is worth."""

    kind: str
    part: Part
    seconds: int
    condition: str
    recording: str
    start_s: float
    named: tuple[str, ...]
    outcome: Outcome


def measure(
    recordings: Sequence[Recording],
    seed: int,
    *,
    each: int = 1,
    masked: bool = True,
    progress: Progress = silent,
) -> list[Asked]:
    """Indexes all recordings that are not absent, and asks for `each` clips of every length and condition
    from every section; `masked`: those of a recording's own sections also with it absent.
    """
    indexed = [r for r in recordings if not r.absent]
    names = [r.name for r in indexed]
    prints = _engine.fingerprint_many([(r.samples, RATE) for r in indexed])
    builder = _engine.PackBuilder()
    for number, (name, print_) in enumerate(zip(names, prints, strict=True)):
        builder.add(number, number, print_, title=name)
    pack = _engine.Pack.from_bytes(builder.build())

    asked: list[Asked] = []
    for done, recording in enumerate(recordings, 1):
        cut = list(clips([recording], seed, each=each))
        heard = list(zip(cut, _engine.fingerprint_many([(c.samples, RATE) for c in cut]), strict=True))
        asked += _ask(pack, names, heard, absent=None)
        if masked and not recording.absent:
            own = [(c, f) for c, f in heard if not c.section.shared_with]
            asked += _ask(pack, names, own, absent=recording.name)
        progress("ask", done, len(recordings))
    return asked


def judge(named: Sequence[str], right: frozenset[str], relatives: frozenset[str], part: Part) -> Outcome:
    """What it is worth to name these, where all of `right` are right. In what a recording has to itself, a
    relative is wrong; where it is absent itself, it is the next best.
    """
    if not named:
        return Outcome.NONE
    if not right.isdisjoint(named):
        return Outcome.RIGHT if len(named) == 1 else Outcome.TOGETHER
    if part is Part.MASKED and relatives.issuperset(named):
        return Outcome.RELATIVE
    return Outcome.WRONG if len(named) == 1 else Outcome.WRONG_TOGETHER


def _ask(
    pack: _engine.Pack, names: Sequence[str], heard: Sequence[tuple[Clip, bytes]], *, absent: str | None
) -> Iterator[Asked]:
    excluded = [] if absent is None else [names.index(absent)]
    answers = _engine.recognize_many([pack], [(f, excluded) for _, f in heard])
    for (clip, _), answer in zip(heard, answers, strict=True):
        recording, shared = clip.recording, clip.section.shared_with
        is_there = absent is None and not recording.absent
        part = Part.SHARED if shared else Part.OWN if is_there else Part.MASKED
        # Of a recording that is not there, any that shares the sound is right.
        right = frozenset({recording.name}) if is_there else shared
        named = tuple(names[hit.song_id] for hit in answer.hits[: answer.shared])
        outcome = judge(named, right, recording.relatives, part)
        yield Asked(
            recording.kind, part, clip.seconds, clip.condition, recording.name, clip.start_s, named, outcome
        )
