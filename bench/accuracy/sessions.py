"""Sessions: somebody listens until a song is named, at most 15 s, and is asked for at every look.

A session of a known song ends at the first look that names anything. One of a stranger is a false accept if
any of its looks names a song that is no relative: that is what the promise of false accepts is about.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.accuracy.curves import Curve, curve_chart, curves_of
from bench.accuracy.figures import FALSE_NOTE, STRANGERS, counts_text, false_text, hit_rate, rates_text
from bench.accuracy.looks import clip_of
from bench.accuracy.made import write_made
from bench.accuracy.report import policy_made, rate_json, rule_text, write_files
from bench.accuracy.rows import COUNTED, ROWS, Row, rate_cells, report_rows, write_rows
from bench.accuracy.score import Asked, Judged, Kind, Outcome, Policy
from bench.accuracy.statistics import Rate, allowed_of, rate, threshold
from bench.accuracy.tables import Table

Accepts = Callable[[Asked], bool]
End = tuple[Outcome, float]
"""What a session comes to, and after how many seconds; 0 where nothing was named."""


@dataclass(frozen=True)
class Session:
    """All looks at one clip, in their order."""

    looks: Sequence[Asked]

    @property
    def kind(self) -> Kind:
        """What the clip is to the index."""
        return self.looks[0].kind

    @property
    def degradation(self) -> str:
        """What happened to the clip."""
        return self.looks[0].query.degradation

    def end(self, accepts: Accepts) -> End:
        """What a person is told."""
        told = [(look.outcome(accepted=accepts(look)), look.query.length_s) for look in self.looks]
        if self.kind is not Kind.KNOWN:
            told.sort(key=lambda end: end[0] is not Outcome.FALSE)
        return next(((o, s) for o, s in told if o is not Outcome.QUIET), (Outcome.QUIET, 0.0))

    def highest(self) -> float:
        """For a stranger: the score above which no look is a false accept."""
        false = [a.answer.score for a in self.looks if a.outcome(accepted=True) is Outcome.FALSE]
        return max(false, default=float("-inf"))

    def sets(self, policy: Policy) -> bool:
        """Whether it has a say in the threshold: a stranger, and not one of whom all looks name relatives."""
        some = any(a.outcome(accepted=True) is not Outcome.RELATED for a in self.looks)
        return self.kind in policy.strangers and some


@dataclass(frozen=True)
class Listened:
    """The sessions of one system; `limit`: the score above which so few strangers' sessions pass."""

    name: str
    sessions: Sequence[Session]
    limit: float
    strangers: tuple[int, int]
    """How many set the limit, and how many of them pass it."""

    def equal(self, look: Asked) -> bool:
        """Whether a look is above the limit."""
        return look.answer.score > self.limit

    def shipped(self, look: Asked) -> bool:
        """Whether the system itself would name it."""
        return look.answer.matched


def listened(judged: Judged, policy: Policy) -> Listened:
    """Looks put together to sessions, and the limit for all looks that the policy asks for."""
    clips: dict[tuple[str, bool], list[Asked]] = defaultdict(list)
    for a in judged.asked:
        clips[clip_of(a.query.name), a.answer.masked].append(a)
    sessions = [Session(sorted(c, key=lambda a: a.query.length_s)) for c in clips.values()]
    scores = [s.highest() for s in sessions if s.sets(policy)]
    allowed = allowed_of(len(scores), policy.false_accepts) if policy.at_most is None else policy.at_most
    limit = threshold([x for x in scores if x > float("-inf")], allowed)
    return Listened(judged.name, sessions, limit, (len(scores), sum(x > limit for x in scores)))


def session_rate(sessions: Iterable[Session], accepts: Accepts, wanted: Outcome) -> Rate:
    """The share of sessions that end so; those that end with a relative are left out."""
    ends = ((s, s.end(accepts)[0]) for s in sessions)
    return rate((s.looks[0].cluster, o is wanted) for s, o in ends if o is not Outcome.RELATED)


def seconds_text(sessions: Sequence[Session], accepts: Accepts) -> tuple[str, str]:
    """Median and 90th percentile of the seconds until the right answer, of those that got it."""
    took = sorted(s for o, s in (session.end(accepts) for session in sessions) if o is Outcome.RIGHT)
    if not took:
        return "-", "-"
    return f"{took[(len(took) - 1) // 2]:g}", f"{took[-(-9 * len(took) // 10) - 1]:g}"


def _known_table(heard: Listened, known: Sequence[Session], policy: Policy) -> Table:
    rules = (heard.equal, heard.shipped)

    def row(label: str, part: Sequence[Session]) -> list[str]:
        right = rates_text(*(session_rate(part, accepts, Outcome.RIGHT) for accepts in rules))
        counts = [
            counts_text(*(sum(s.end(accepts)[0] is o for s in part) for accepts in rules))
            for o in (Outcome.AMBIGUOUS, Outcome.WRONG, Outcome.RELATED, Outcome.QUIET)
        ]
        times = zip(*(seconds_text(part, accepts) for accepts in rules), strict=True)
        return [label, str(len(part)), right, *counts, *(" / ".join(both) for both in times)]

    names = list(dict.fromkeys(s.degradation for s in known))
    n, passed = heard.strangers
    return Table(
        f"{heard.name}: sessions of known songs, %",
        ["degradation", "n", "right", "ambiguous", "wrong", "related", "nothing", "median s", "90 % s"],
        [
            *(row(name, [s for s in known if s.degradation == name]) for name in names),
            None,
            row("all", known),
        ],
        "A session ends at the first look that names a song. Each figure: above the score "
        f"{heard.limit:.4g}, where {rule_text(policy)} in a whole session ({n} strangers' sessions, "
        f"{passed} pass), and as shipped. Right: with its 95 % Wilson interval, clustered by song. "
        "Seconds until the right answer: of the sessions that got it.",
    )


def _strangers_table(heard: Listened) -> Table:
    rows: list[Sequence[str] | None] = []
    for kind in (*STRANGERS, None):
        part = [s for s in heard.sessions if (s.kind is not Kind.KNOWN if kind is None else s.kind is kind)]
        if part:
            rates = [session_rate(part, accepts, Outcome.FALSE) for accepts in (heard.equal, heard.shipped)]
            clusters = len({s.looks[0].cluster for s in part})
            label = "all" if kind is None else kind.value
            rows.append([label, str(len(part)), str(clusters), *(false_text(r) for r in rates)])
    head = ["strangers", "sessions", "songs or noises", "at the threshold", "as shipped"]
    return Table(f"{heard.name}: sessions of strangers that name a song", head, rows, FALSE_NOTE)


def _looks_table(judged: Judged, policy: Policy) -> Table:
    """How right each look would be if it were the only one."""
    rows = []
    for length in sorted(judged.thresholds):
        part = [a for a in judged.asked if a.query.length_s == length]
        known = [a for a in part if a.kind is Kind.KNOWN]
        rules = (judged.equal, judged.shipped)
        rates = [hit_rate(known, judge) for judge in rules]
        false = [sum(judge(a) is Outcome.FALSE for a in part) for judge in rules]
        n = judged.strangers[length][0]
        rows.append(
            [f"{length:g} s", str(len(known)), rates_text(*rates), str(n), f"{false[0]} / {false[1]}"]
        )
    head = ["look", "known", "right", "strangers", "false accepts"]
    note = (
        f"Where {rule_text(policy)} at this look (95 % Wilson interval, clustered by song), then as shipped."
    )
    return Table(f"{judged.name}: if one look only counted, %", head, rows, note)


def session_tables(judged: Judged, heard: Listened, policy: Policy) -> list[Table]:
    """All tables of one system."""
    known = [s for s in heard.sessions if s.kind is Kind.KNOWN]
    tables = [_known_table(heard, known, policy)] if known else []
    return [*tables, _strangers_table(heard), _looks_table(judged, policy)]


def to_json(heard: Listened, judged: Judged, policy: Policy) -> dict[str, Any]:
    """The same as numbers; shares are 0 to 1."""
    known = [s for s in heard.sessions if s.kind is Kind.KNOWN]

    def cell(part: Sequence[Session], wanted: Outcome, **labels: object) -> dict[str, Any]:
        told: dict[str, Any] = {**labels, "n": len(part)}
        for name, accepts in (("equal", heard.equal), ("shipped", heard.shipped)):
            ends = [s.end(accepts) for s in part]
            told[name] = {
                "rate": rate_json(session_rate(part, accepts, wanted)),
                "outcomes": {str(o): sum(end[0] is o for end in ends) for o in Outcome},
                "seconds": sorted(seconds for o, seconds in ends if o is wanted),
            }
        return told

    degradations = dict.fromkeys(s.degradation for s in known)
    return {
        "system": heard.name,
        "limit": heard.limit if heard.limit > float("-inf") else None,
        "policy": {"false_accepts": policy.false_accepts, "at_most": policy.at_most},
        "known": [
            cell([s for s in known if s.degradation == d], Outcome.RIGHT, degradation=d) for d in degradations
        ],
        "all": cell(known, Outcome.RIGHT),
        "strangers": [
            cell([s for s in heard.sessions if s.kind is kind], Outcome.FALSE, kind=kind.value)
            for kind in STRANGERS
        ],
        "look_thresholds": {f"{x:g}": t for x, t in judged.thresholds.items() if t > float("-inf")},
    }


def session_curve(heard: Listened) -> Curve:
    """Share of strangers' sessions and of right ones, at a hundred thresholds or fewer."""
    known = [s for s in heard.sessions if s.kind is Kind.KNOWN]
    scores = sorted((s.highest() for s in heard.sessions if s.kind is not Kind.KNOWN), reverse=True)
    if not known or not scores:
        return []
    places = sorted({round(len(scores) ** (i / 100)) - 1 for i in range(100)})
    limits = [(place / len(scores), scores[place]) for place in places]

    def right_above(limit: float) -> float:
        return session_rate(known, lambda look: look.answer.score > limit, Outcome.RIGHT).share

    return [(x, right_above(limit)) for x, limit in limits]


def session_rows(heard: Listened) -> list[Row]:
    """Whole sessions as rows.py writes queries: `kind` is session or session of strangers."""
    known = [s for s in heard.sessions if s.kind is Kind.KNOWN]
    strangers = [s for s in heard.sessions if s.kind is not Kind.KNOWN]
    names = dict.fromkeys(s.degradation for s in known)
    parts = [("session", d, [s for s in known if s.degradation == d]) for d in names]
    parts += [("session", "all", known)] if known else []
    parts += [
        ("session of strangers", k.value, part)
        for k in STRANGERS
        if (part := [s for s in strangers if s.kind is k])
    ]
    parts += [("session of strangers", "all", strangers)] if strangers else []
    rows: list[Row] = []
    for kind, name, part in parts:
        for rule, accepts in (("equal", heard.equal), ("shipped", heard.shipped)):
            ends = [s.end(accepts)[0] for s in part]
            wanted = Outcome.RIGHT if kind == "session" else Outcome.FALSE
            median, most = seconds_text(part, accepts) if kind == "session" else ("", "")
            rows.append(
                {
                    "system": heard.name,
                    "kind": kind,
                    "name": name,
                    "rule": rule,
                    "n": len(part),
                    **{str(o): sum(end is o for end in ends) for o in COUNTED},
                    **rate_cells(session_rate(part, accepts, wanted)),
                    "limit": heard.limit if rule == "equal" else "",
                    "median_s": median,
                    "p90_s": most,
                }
            )
    return rows


def write_sessions(
    out: Path, systems: Sequence[Judged], policy: Policy, made: Mapping[str, str] | None = None
) -> list[Table]:
    """Writes sessions.md, .json, .svg, rows.csv and looks.csv into a folder; returns the tables.

    `made`: what the answers were made with; noted in made.json.
    """
    both = [(judged, listened(judged, policy)) for judged in systems]
    tables = [t for judged, heard in both for t in session_tables(judged, heard, policy)]
    curves: dict[tuple[str, str], Curve] = {}
    for judged, heard in both:
        looks = sorted(curves_of(judged).items())
        curves |= {(judged.name, f"only {x:g} s"): points for x, points in looks}
        whole = session_curve(heard)
        curves |= {(judged.name, "session"): whole} if whole else {}
    charts = {}
    if curves:
        title = "Sessions and single looks"
        charts["sessions.svg"] = curve_chart(title, curves, policy.false_accepts)
    numbers = [to_json(heard, judged, policy) for judged, heard in both]
    write_files(out, "sessions", tables, charts, numbers)
    write_rows(out / ROWS, (row for _, heard in both for row in session_rows(heard)))
    write_rows(out / "looks.csv", (row for judged, _ in both for row in report_rows(judged)))
    if made is not None:
        write_made(out, {**made, **policy_made(policy)})
    return tables
