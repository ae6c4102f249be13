"""What the engine answered when the baseline was made, and whether it still does."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.accuracy.answers import Answer
from bench.accuracy.files import write_atomically
from bench.accuracy.sound import RATE, Samples
from bench.accuracy.system import Ask, System
from bench.guard.questions import Question, questions

BASELINE = Path(__file__).with_name("baseline.json")
MOST_LOST = 4
"""So many hits may be lost; one more, or one new false accept, fails."""
ADVICE = (
    "Mend the engine; or, if this is meant, make it the baseline and say why: python -m bench.guard --renew"
)


@dataclass(frozen=True)
class Answered:
    """`hits`: by degradation, the songs that were named rightly and alone. `false`: queries for which a song
    was named that it is not: masked ones, and wrong names. `asked`: how many there were of each degradation.
    """

    asked: Mapping[str, int]
    hits: Mapping[str, Sequence[int]]
    false: Sequence[str]


@dataclass(frozen=True)
class Verdict:
    """How answers differ from the baseline's; `lost` and `won` are names of queries."""

    lost: Sequence[str]
    won: Sequence[str]
    new_false: Sequence[str]

    @property
    def ok(self) -> bool:
        """Whether the guard lets it pass."""
        return len(self.lost) <= MOST_LOST and not self.new_false

    def text(self) -> str:
        """What changed."""
        lines = [f"{len(self.lost)} hits lost ({MOST_LOST} may be), {len(self.won)} won, "]
        lines[0] += f"{len(self.new_false)} new false accepts (none may be)."
        lines += [f"  lost: {name}" for name in self.lost]
        lines += [f"  new false accept: {name}" for name in self.new_false]
        return "\n".join(lines)


def ask(system: System, music: Iterable[Samples]) -> tuple[list[Question], list[Answer]]:
    """All questions about these songs (at RATE), all of which are indexed, and the system's answers."""
    indexed: list[tuple[str, bytes]] = []
    asked: list[Question] = []
    for number, song in enumerate(music):
        (print_,) = system.fingerprint_many([(song.astype(np.float32), RATE)])
        indexed.append((song_name(number), print_))
        asked += questions(number, song)
    system.index(indexed)
    heard = system.fingerprint_many([(q.samples, RATE) for q in asked])
    answers = system.ask(
        [
            Ask(q.name, f, masked=q.masked, exclude=frozenset({song_name(q.song)} if q.masked else ()))
            for q, f in zip(asked, heard, strict=True)
        ]
    )
    return asked, answers


def song_name(number: int) -> str:
    """As it is indexed."""
    return f"song {number}"


def counted(asked: Iterable[Question], answers: Iterable[Answer]) -> Answered:
    """What the answers amount to."""
    of: dict[str, int] = defaultdict(int)
    hits: dict[str, list[int]] = defaultdict(list)
    false = []
    for question, answer in zip(asked, answers, strict=True):
        is_right = not question.masked and song_name(question.song) in answer.names()
        if not question.masked:
            of[question.what] += 1
            hits[question.what] += [question.song] * (answer.matched and is_right and not answer.ambiguous)
        if answer.matched and answer.top1 and not is_right:
            false.append(question.name)
    return Answered(of, hits, false)


def compared(before: Answered, now: Answered) -> Verdict:
    """What was lost and won since."""
    old, new = ({(w, s) for w, songs in x.hits.items() for s in songs} for x in (before, now))

    def names(hits: set[tuple[str, int]]) -> list[str]:
        return [f"{song_name(song)}, {what}" for what, song in sorted(hits)]

    return Verdict(names(old - new), names(new - old), sorted(set(now.false) - set(before.false)))


def read_baseline(path: Path = BASELINE) -> Answered:
    """The committed one."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return Answered(told["asked"], told["hits"], told["false_accepts"])


def write_baseline(answered: Answered, path: Path = BASELINE) -> None:
    """One line a degradation, so that a change can be read."""
    hits = ",\n".join(f"  {json.dumps(what)}: {json.dumps(songs)}" for what, songs in answered.hits.items())
    with write_atomically(path) as file:
        file.write(f'{{\n "asked": {json.dumps(dict(answered.asked))},\n "hits": {{\n{hits}\n }},\n')
        file.write(f' "false_accepts": {json.dumps(answered.false)}\n}}\n')
