"""What all reports count, and how they write it."""

from collections.abc import Callable, Iterable, Sequence

from bench.accuracy.score import Asked, Judged, Kind, Outcome
from bench.accuracy.statistics import Rate, rate

Judge = Callable[[Asked], Outcome]

STRANGERS = (Kind.UNKNOWN, Kind.NOISE, Kind.MASKED)


def known_of(judged: Judged) -> list[Asked]:
    """The queries that have a right answer."""
    return [a for a in judged.asked if a.kind is Kind.KNOWN]


def hit_rate(asked: Iterable[Asked], judge: Judge, wanted: Outcome = Outcome.RIGHT) -> Rate:
    """The share of queries with this outcome, those that named a relative left out."""
    outcomes = ((a, judge(a)) for a in asked)
    return rate((a.cluster, o is wanted) for a, o in outcomes if o is not Outcome.RELATED)


def lengths_of(asked: Iterable[Asked]) -> list[float]:
    """Clip lengths, longest first."""
    return sorted({a.query.length_s for a in asked}, reverse=True)


def degradations_of(asked: Iterable[Asked]) -> list[str]:
    """Degradations in the order of the query set."""
    return list(dict.fromkeys(a.query.degradation for a in asked))


def percent(share: float) -> str:
    """Without digits, except where these tell 99.4 from 100."""
    return f"{100 * share:.0f}" if share in (0, 1) or 0.005 < share < 0.99 else f"{100 * share:.1f}"


def rates_text(equal: Rate, shipped: Rate) -> str:
    """At the threshold with its interval, then as shipped; nothing where nothing was asked."""
    if not equal.n:
        return ""
    return f"{percent(equal.share)} ({percent(equal.low)}–{percent(equal.high)}) {percent(shipped.share)}"


def counts_text(equal: int, shipped: int) -> str:
    """At the threshold and as shipped; nothing where both are none."""
    return f"{equal} / {shipped}" if equal or shipped else ""


def false_text(r: Rate) -> str:
    """How many, what share, the upper end of its interval, and how many songs or noises are behind them."""
    return f"{r.hits} = {100 * r.share:.2f} % (≤ {100 * r.high:.2f} %), {r.songs_hit}"


FALSE_NOTE = (
    "≤: upper end of the 95 % interval, clustered by song, noise alone by the noise; last: how "
    "many songs (or noises) are behind the false accepts."
)


def cell(asked: Sequence[Asked], judged: Judged) -> str:
    """The hit rate of these queries."""
    return rates_text(hit_rate(asked, judged.equal), hit_rate(asked, judged.shipped))


def count(asked: Sequence[Asked], judged: Judged, wanted: Outcome) -> str:
    """How many of these queries have this outcome."""
    equal = sum(judged.equal(a) is wanted for a in asked)
    return counts_text(equal, sum(judged.shipped(a) is wanted for a in asked))
