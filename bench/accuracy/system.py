"""The system under test, as the bench sees it, and Sonica's engine in that shape."""

import hashlib
import importlib.util
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bench.accuracy.answers import Answer
from bench.accuracy.cache import Clip

if TYPE_CHECKING:
    from sonica import _engine


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the query's name and fingerprint, and the songs (stems) that must not be found."""

    query: str
    fingerprint: bytes
    masked: bool = False
    exclude: frozenset[str] = frozenset()


class System(Protocol):
    """What can be measured."""

    def identity(self) -> str:
        """A name that changes whenever the answers might."""
        ...

    def fingerprint_many(self, clips: Sequence[Clip]) -> list[bytes]:
        """One fingerprint a clip, in order."""
        ...

    def index(self, songs: Sequence[tuple[str, bytes]]) -> None:
        """Learns these songs (stem, fingerprint), and forgets any others."""
        ...

    def ask(self, questions: Sequence[Ask]) -> list[Answer]:
        """One answer a question, in order."""
        ...


class Sonica:
    """The engine: one pack of all songs, many queries at a time on all cores."""

    def __init__(self, *, exhaustive: bool = False) -> None:
        from sonica import _engine  # noqa: PLC0415 (a report on others needs no engine)

        self._engine = _engine
        self._exhaustive = exhaustive
        self._stems: list[str] = []
        self._numbers: dict[str, int] = {}
        self._pack: _engine.Pack | None = None

    def identity(self) -> str:
        """Hash of the compiled engine, which holds its tables too."""
        found = importlib.util.find_spec(self._engine.__name__)
        if found is None or found.origin is None:
            raise RuntimeError("the engine is no file: build it with `make setup`")
        digest = hashlib.sha256(Path(found.origin).read_bytes()).hexdigest()[:16]
        return digest + "-exhaustive" * self._exhaustive

    def fingerprint_many(self, clips: Sequence[Clip]) -> list[bytes]:
        """On all cores."""
        return self._engine.fingerprint_many(clips)

    def index(self, songs: Sequence[tuple[str, bytes]]) -> None:
        """Recording and song ids are the place in the list, from 1."""
        builder = self._engine.PackBuilder()
        for number, (stem, fingerprint) in enumerate(songs, 1):
            builder.add(number, number, fingerprint, title=stem)
        self._stems = ["", *(stem for stem, _ in songs)]
        self._numbers = {stem: number for number, stem in enumerate(self._stems)}
        self._pack = self._engine.Pack.from_bytes(builder.build())

    def ask(self, questions: Sequence[Ask]) -> list[Answer]:
        """Times are the mean of a batch: wall time × cores ÷ questions; `bench.speed` has better ones."""
        if self._pack is None:
            raise RuntimeError("index songs before asking")
        pairs = [
            (q.fingerprint, [self._numbers[s] for s in q.exclude if s in self._numbers]) for q in questions
        ]
        start = time.perf_counter()
        answers = self._engine.recognize_many([self._pack], pairs, exhaustive=self._exhaustive)
        ms = 1000 * (time.perf_counter() - start) * (os.cpu_count() or 1) / max(1, len(pairs))
        name = self._stems.__getitem__
        return [told(q, a, name, ms) for q, a in zip(questions, answers, strict=True)]


def told(question: Ask, answer: "_engine.Answer", name_of: Callable[[int], str], ms: float) -> Answer:
    """The engine's answer as a row; `name_of` gives the stem of a recording id."""
    hits = [(name_of(h.recording_id), h) for h in answer.hits]
    first = hits[0][1] if hits else None
    return Answer(
        query=question.query,
        top1=hits[0][0] if hits else "",
        score=first.score if first else float("-inf"),
        matched=answer.status == "match",
        ms=ms,
        ms_match=ms,
        confidence=first.confidence if first else 0.0,
        status=answer.status,
        ambiguous=answer.ambiguous,
        shared=";".join(stem for stem, _ in hits[1 : answer.shared]) if answer.ambiguous else "",
        second=hits[1][0] if len(hits) > 1 else "",
        second_score=hits[1][1].score if len(hits) > 1 else 0.0,
        offset_s=first.offset_s if first else 0.0,
        speed=first.speed if first else 0.0,
        pitch_semitones=first.pitch_semitones if first else 0.0,
        masked=question.masked,
    )
