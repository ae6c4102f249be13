"""Parts of the page that are computed: tables, and sentences with figures."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from bench.accuracy.figures import percent
from bench.accuracy.peers import ASKED
from bench.comparison import goals as goal
from bench.comparison.beside import Cell, Peer
from bench.comparison.goals import Goal
from bench.comparison.results import Figures, Row, markdown
from bench.comparison.say import with_interval
from bench.music.manifest import Piece

STRANGERS = ("unknown songs", "noise alone")
LENGTH = re.compile(r", \d+ s$")
SAME = 0.005
"""Shares that differ by less are printed alike (those of the others are known in whole percent)."""


def strangers_of(standard: Figures) -> list[Row]:
    """Unknown songs and noise alone, as shipped, all lengths."""
    return [standard.one("strangers", kind, "shipped") for kind in STRANGERS]


def same_asked(standard: Figures, asked: int) -> str:
    """Whether ours are the excerpts that the others were asked. Raises ResultsError where nobody noted it."""
    if standard.said("queries") == ASKED:
        return f"the same {asked:,} excerpts"
    return (
        f"{asked:,} excerpts, **Sonica others than the rest**: of the same songs in the same degradations, "
        "but from other places, in other noises"
    )


def setting(figures: Figures) -> int:
    """How many strangers set the thresholds, all lengths together."""
    return sum({r["length_s"]: int(r["strangers"]) for r in figures.table("curves.csv")}.values())


def in_short(cells: Sequence[Cell], goals: Sequence[Goal]) -> str:
    """What the page comes to."""
    better = sum(c.ours > c.best[1] + SAME for c in cells)
    fewer = sum(c.ours < c.best[1] - SAME for c in cells)
    missed = sum(g.verdict == goal.MISSED for g in goals)
    measured = sum(g.verdict != goal.UNMEASURED for g in goals)
    return (
        f"In short: in {better} of {len(cells)} cells (groups of degradations at 10, 5 and 3 s) Sonica names "
        f"more than the best of the others, in {len(cells) - better - fewer} as many, in {fewer} fewer. Of "
        f"its own goals that are measured here, {missed} of {measured} are missed. None of it is Hindi or "
        "Bhojpuri music, which Sonica is for."
    )


def themselves(standard: Figures, scale: Sequence[Mapping[str, str]], peers: Sequence[Peer]) -> str:
    """Everybody as they decide by themselves."""
    first = [standard.one("all", "all", "shipped", x) for x in standard.lengths("all", "all")]
    nominal, tried = (float(scale[0][f"{kind}_cpu_ms_p50"]) for kind in ("nominal", "all_tried"))
    ours = [
        "**Sonica**",
        " / ".join(percent(r.first / r.n) for r in first),
        *(f"{r.false} of {r.n}" for r in strangers_of(standard)),
        str(standard.one("all", "all", "shipped").wrong),
        str(standard.one("all", "all").wrong),
        f"{nominal:.1f}; everything tried {tried:.0f}",
        "-",
        f"{float(scale[0]['pack_bytes_a_second']):,.0f}",
    ]
    rows = [
        [
            p.system,
            " / ".join(f"{100 * share:.0f}" for share in p.shipped),
            f"{p.accepted_unknown} of 600",
            f"{p.accepted_noise} of 150",
            str(p.wrong),
            str(p.wrong_at_threshold),
            f"{p.match_ms:.1f}",
            f"{p.query_ms:.0f}",
            f"{p.bytes_a_second:,.0f}",
        ]
        for p in peers
    ]
    head = [
        *("", "named rightly, %", "unknown songs accepted", "noise accepted", "wrong names"),
        *("wrong at equal false accepts", "match, ms", "whole, ms", "index, bytes a second"),
    ]
    return markdown(head, [ours, *rows])


def sessions_table(sessions: Figures) -> str:
    """By degradation, and what strangers are named."""
    rows = []
    for name in sessions.names("session"):
        equal, shipped = sessions.both("session", name)
        counts = [str(shipped.ambiguous), str(shipped.wrong), f"{shipped.median_s:g}"]
        rows.append([name, str(shipped.n), with_interval(equal), percent(shipped.share), *counts])
    strangers = sessions.one("session of strangers", "all", "shipped")
    head = [
        *("", "sessions", "right and alone, at the threshold, %", "as shipped, %", "several named"),
        *("wrong", "median until right, s"),
    ]
    return (
        f"{markdown(head, rows)}\n\n"
        f"The threshold is one at which {sessions.said('rule')} in a whole session. "
        f"As shipped, {strangers.false} of {strangers.n:,} sessions of strangers are named a song."
    )


def doubtful(report: Figures, population: str = "as they are") -> str:
    """Whether confidences between the sure ends are kept."""
    found = [
        (float(r["confidence"]), float(r["right"]), int(r["n"]))
        for r in report.table("reliability.csv")
        if (r["population"], r["bins"]) == (population, "width")
    ]
    middle = [b for b in found if 0.1 <= b[0] < 0.9]
    n, total = sum(b[2] for b in middle), sum(b[2] for b in found)
    if not n:
        return "No answer lies between 10 and 90%."
    confidence, right = (sum(b[i] * b[2] for b in middle) / n for i in (0, 1))
    word = "too high" if confidence > right + 0.05 else "too low" if confidence < right - 0.05 else "kept"
    return (
        f"Most answers are nearly sure or nearly nothing. Of the {n:,} of {total:,} between 10 and 90% the "
        f"mean confidence is {100 * confidence:.0f}% and {100 * right:.0f}% are right: there it is {word}."
    )


def worse_than_peers(
    cells: Sequence[Cell], standard: Figures, scale: Sequence[Mapping[str, str]], peers: Sequence[Peer]
) -> str:
    """Every figure in which another system is better, whatever it pays for that elsewhere."""
    in_cells = [
        [
            f"named rightly: {c.group}, {c.length_s:g} s",
            f"{100 * c.ours:.1f} %",
            f"{name}: {100 * share:.0f} %",
        ]
        for c in cells
        for name, share in c.others.items()
        if share > c.ours + SAME
    ]
    false = sum(r.false for r in strangers_of(standard))
    wrong = standard.one("all", "all", "shipped").wrong
    ours: list[tuple[str, str, float]] = [
        ("strangers named, as it decides", "", false),
        ("wrong names, as it decides", "", wrong),
        ("time to match, speed nominal", " ms", float(scale[0]["nominal_cpu_ms_p50"])),
        ("time to match, everything tried", " ms", float(scale[0]["all_tried_cpu_ms_p50"])),
        ("index for a second of music", " bytes", float(scale[0]["pack_bytes_a_second"])),
    ]
    rows = list(in_cells)
    for place, (what, unit, figure) in enumerate(ours):
        theirs = [(p.system, _cost(p, place)) for p in peers]
        better = [f"{name}: {cost:,g}{unit}" for name, cost in theirs if cost < figure]
        if better:
            rows.append([what, f"{figure:,.3g}{unit}", "; ".join(better)])
    said = (
        f"In {len(in_cells)} of the {len(cells) * len(peers)} figures of the table of groups another system "
        "names more excerpts rightly. "
        if in_cells
        else "At equal false accepts no other system names more rightly, in any group at any length. "
    )
    return f"{said}Every figure in which another one is better:\n\n" + markdown(
        ["what", "Sonica", "better"], rows
    )


def _cost(peer: Peer, place: int) -> float:
    false = peer.accepted_unknown + peer.accepted_noise
    return (false, peer.wrong, peer.match_ms, peer.match_ms, peer.bytes_a_second)[place]


def goals_count(goals: Sequence[Goal]) -> str:
    """How many goals have which verdict."""
    counts = Counter(g.verdict for g in goals)
    order = (goal.REACHED, goal.HELD, goal.MISSED, goal.UNMEASURED)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in order)
    return f"Of {len(goals)}: {told}.{' The missed ones:' if counts[goal.MISSED] else ''}"


def goals_table(goals: Sequence[Goal]) -> str:
    """A row a goal, those of one name at several lengths together; nothing where there is none."""

    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")

    rows = []
    for name, group in groupby(goals, key=lambda g: LENGTH.sub("", g.what)):
        part = list(group)
        lengths = " / ".join(g.what.removeprefix(f"{name}, ") for g in part)
        cells = (
            " / ".join(texts)
            for texts in (
                [number(g.figure) for g in part],
                [f"{g.least:g}" for g in part],
                [f"{g.aim:g}" for g in part],
            )
        )
        verdicts = [g.verdict for g in part]
        verdict = verdicts[0] if len(set(verdicts)) == 1 else " / ".join(verdicts)
        label = name if lengths == name else f"{name}, {lengths}"
        rows.append([label, *cells, part[0].unit, verdict])
    return markdown(["goal", "measured", "at least", "aim", "unit", "verdict"], rows) if rows else ""


def not_measured(goals: Sequence[Goal]) -> str:
    """What no kept result says."""
    names = dict.fromkeys(LENGTH.sub("", g.what) for g in goals if g.verdict == goal.UNMEASURED)
    return f"Not measured: {'; '.join(names)}." if names else ""


def processor_time(scale: Sequence[Mapping[str, str]]) -> str:
    """What queries of the largest catalogue cost where other work on the machine does not count."""
    last = scale[-1]
    nominal, tried = (float(last[f"{kind}_cpu_ms_p99"]) for kind in ("nominal", "all_tried"))
    return (
        "Query times are on the clock of a machine that did other work, too. Of processor time "
        f"alone, p99 among {int(last['songs']):,} songs is {nominal:.1f} ms where the speed is nominal and "
        f"{tried:.0f} ms where everything is tried."
    )


def music_table(music: Sequence[Piece]) -> str:
    """Files by licence and use."""
    counts = Counter((p.licence, p.role) for p in music)
    roles = list(dict.fromkeys(p.role for p in music))
    rows = [[x, *(str(counts[x, r] or "") for r in roles)] for x in sorted({p.licence for p in music})]
    rows.append(["all", *(str(sum(p.role == role for p in music)) for role in roles)])
    return markdown(["licence", *roles], rows)


def made_table(figures: Mapping[str, Figures]) -> str:
    """What each result was measured with."""
    rows = []
    for name, found in figures.items():
        cells = [found.made.get(key, "not noted") for key in ("date", "commit", "sonica", "engine")]
        machine = f"{found.made.get('machine', 'not noted')}, {found.made.get('cores', '?')} cores"
        rows.append([f"[{name}](../bench/results/{name}/)", *cells, machine, found.made.get("note", "")])
    return markdown(["results", "measured", "commit", "version", "mark", "machine", "note"], rows)


def engines_in_short(figures: Mapping[str, Figures]) -> str:
    """Whether all results are of one engine."""
    by_commit: dict[str, list[str]] = {}
    for name, found in figures.items():
        by_commit.setdefault(found.made.get("commit", "not noted"), []).append(name)
    if len(by_commit) == 1:
        return f"All of it is of the engine of commit {next(iter(by_commit))}."
    parts = (f"{' and '.join(names)} of {commit}" for commit, names in by_commit.items())
    return f"Not all of it is of one engine (by commit: {'; '.join(parts)})."
