"""Judges answers against the truth: who was named rightly, wrongly, or though nobody should have been.

Every query is judged under two rules: the system's own word (`matched`), and a threshold on its score that
makes systems comparable, since it lets equally many strangers pass. Strangers are songs that are not indexed,
noise alone, and known queries whose own song was masked. An answer that names a relative of the right song
(another version of it) is neither right nor wrong and leaves the count, and so does one that names a relative
of a stranger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bench.accuracy.answers import Answer
from bench.accuracy.statistics import allowed_of, threshold
from bench.accuracy.truth import NOISE_ALONE, BadTableError, Query, Relatives


class Kind(StrEnum):
    """What a query is to the index."""

    KNOWN = "known"
    UNKNOWN = "unknown songs"
    NOISE = "noise alone"
    MASKED = "own song masked"


class Outcome(StrEnum):
    """What an answer amounts to. For strangers only `FALSE`, `QUIET` and `RELATED` can be."""

    RIGHT = "right"
    AMBIGUOUS = "ambiguous"
    """Several songs named, the right one among them."""
    WRONG = "wrong"
    QUIET = "quiet"
    FALSE = "false"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with its answer; `kin` are the relatives of its song."""

    query: Query
    answer: Answer
    kind: Kind
    kin: frozenset[str]

    @property
    def cluster(self) -> str:
        """What queries with like outcomes share: the song, or the noise where there is nothing else."""
        return self.query.info if self.kind is Kind.NOISE and self.query.info else self.query.song

    def outcome(self, *, accepted: bool) -> Outcome:
        """What the answer amounts to if it is shown, or not, to a person."""
        if not accepted or not self.answer.top1:
            return Outcome.QUIET
        if self.kind is Kind.KNOWN:
            return self._known_outcome()
        return Outcome.RELATED if self.answer.names() & self.kin else Outcome.FALSE

    def _known_outcome(self) -> Outcome:
        names = self.answer.names()
        if self.query.track in names:
            return Outcome.AMBIGUOUS if self.answer.ambiguous else Outcome.RIGHT
        return Outcome.RELATED if names & self.kin else Outcome.WRONG


@dataclass(frozen=True)
class Policy:
    """How strict to be.

    `false_accepts`: at most this share of strangers passes, or, where `at_most` is given, that many of each
    length. `per_length`: a threshold for each clip length, else one for all. `strangers`: who sets it.
    """

    false_accepts: float = 0.001
    at_most: int | None = None
    per_length: bool = True
    strangers: frozenset[Kind] = frozenset({Kind.UNKNOWN, Kind.NOISE, Kind.MASKED})


@dataclass(frozen=True)
class Judged:
    """One system: its answered queries, and the thresholds by clip length (seconds)."""

    name: str
    asked: Sequence[Asked]
    thresholds: Mapping[float, float]
    strangers: Mapping[float, tuple[int, int]] = field(default_factory=dict)
    """By clip length: how many strangers set the threshold, and how many of them pass it."""
    unanswered: int = 0
    """Queries without a row that count: with a right answer, they are misses; strangers are left out."""
    thinned: int = 0
    """Queries of songs that were not to be asked; they are left out."""

    def equal(self, asked: Asked) -> Outcome:
        """The outcome at the threshold."""
        return asked.outcome(accepted=asked.answer.score > self.thresholds[asked.query.length_s])

    def shipped(self, asked: Asked) -> Outcome:
        """The outcome as the system decides by itself."""
        return asked.outcome(accepted=asked.answer.matched)


def judge(
    name: str,
    queries: Iterable[Query],
    answers: Iterable[Answer],
    relatives: Relatives,
    policy: Policy,
    *,
    thinned: bool = False,
) -> Judged:
    """Joins queries and answers and finds the thresholds. Raises BadTableError.

    A query that has a right answer and no row is a miss. `thinned`: not all songs were asked, so that songs
    without any row are left out.
    """
    by_name = {q.name: q for q in queries}
    asked: list[Asked] = []
    seen: set[tuple[str, bool]] = set()
    for answer in answers:
        query = by_name.get(answer.query)
        if query is None:
            raise BadTableError(
                f"{name} answers {answer.query}, which is not in the query set: mixed-up files?"
            )
        if (answer.query, answer.masked) in seen:
            raise BadTableError(f"{name} answers {answer.query} twice: keep one row")
        seen.add((answer.query, answer.masked))
        asked.append(Asked(query, answer, _kind(query, answer), relatives.of(query.song)))
    songs = {a.query.song for a in asked}
    missing = [q for q in by_name.values() if (q.name, False) not in seen]
    left_out = [q for q in missing if thinned and q.song not in songs]
    absent = [q for q in missing if not (thinned and q.song not in songs)]
    asked += [Asked(q, _nothing(q), Kind.KNOWN, relatives.of(q.song)) for q in absent if q.known]
    thresholds, strangers = _thresholds(asked, policy)
    return Judged(name, asked, thresholds, strangers, len(absent), len(left_out))


def _nothing(query: Query) -> Answer:
    return Answer(query.name, "", float("-inf"), matched=False)


def by_the_same_strangers(systems: Sequence[Judged], policy: Policy) -> list[Judged]:
    """The systems with thresholds set only by strangers that all of them answered, none with a relative."""
    common = set.intersection(*({_pair(a) for a in s.asked if _sets(a, policy)} for s in systems))
    fair = []
    for system in systems:
        pool = [a for a in system.asked if a.kind is Kind.KNOWN or _pair(a) in common]
        limits, strangers = _thresholds(pool, policy, {a.query.length_s for a in system.asked})
        fair.append(replace(system, thresholds=limits, strangers=strangers))
    return fair


def _pair(asked: Asked) -> tuple[str, bool]:
    return asked.query.name, asked.answer.masked


def _sets(asked: Asked, policy: Policy) -> bool:
    return asked.kind in policy.strangers and asked.outcome(accepted=True) is not Outcome.RELATED


def _kind(query: Query, answer: Answer) -> Kind:
    if answer.masked:
        return Kind.MASKED
    if query.known:
        return Kind.KNOWN
    return Kind.NOISE if query.degradation == NOISE_ALONE else Kind.UNKNOWN


def _thresholds(
    asked: Sequence[Asked], policy: Policy, of_lengths: Iterable[float] = ()
) -> tuple[dict[float, float], dict[float, tuple[int, int]]]:
    pools: dict[float, list[Asked]] = defaultdict(list)
    lengths = sorted({*of_lengths, *(a.query.length_s for a in asked)}, reverse=True)
    for a in asked:
        if _sets(a, policy):
            pools[a.query.length_s if policy.per_length else 0.0].append(a)
    found: dict[float, float] = {}
    passed: dict[float, tuple[int, int]] = {}
    for length in lengths:
        pool = pools[length if policy.per_length else 0.0]
        allowed = allowed_of(len(pool), policy.false_accepts) if policy.at_most is None else policy.at_most
        limit = threshold([a.answer.score for a in pool if a.answer.top1], allowed)
        found[length] = limit
        passed[length] = len(pool), sum(a.answer.score > limit and bool(a.answer.top1) for a in pool)
    return found, passed
