"""What was measured, as tables."""

from collections.abc import Callable, Sequence

import numpy as np

from bench.accuracy.statistics import wilson
from bench.accuracy.tables import Table
from bench.mixes.measure import Invented
from bench.mixes.mix import LEAST_S
from bench.mixes.score import Judged, Song

Which = Callable[[Song], bool]
GROUPS: dict[str, Which] = {
    "all": lambda _: True,
    "at its own speed": lambda s: s.truth.speed == 1.0,
    "turntable": lambda s: s.truth.speed != 1.0 and not s.truth.kept_pitch,
    "tempo changed, pitch kept": lambda s: s.truth.kept_pitch,
    "drums over it": lambda s: "drums" in s.truth.over,
    "talk over it": lambda s: "talk" in s.truth.over,
    "nothing over it": lambda s: not s.truth.over,
}
JOINTS = ("cut", "fade", "talk", "jingle", "pause")
NOTE = (
    f"Found: of the songs that play alone for {LEAST_S:g} s or longer, those of which half or more was told. "
    "Speed: error of the median and of 19 in 20, in percent. In brackets: the interval of 95 %."
)
BORDER_NOTE = (
    "Seconds from where the song can first (last) be heard to where it is told to begin (end), whatever the "
    "sign. It can be heard where it has a tenth or more of the power of all else that plays, over a second: "
    "in a cross-fade of D seconds between songs of equal loudness, from a fifth of D on. Late: the median "
    "with its sign."
)


def tables_of(judged: Judged, strangers: Invented, about: str) -> list[Table]:
    """What was found, where it begins and ends, and what was invented."""
    found = Table("Songs found", ["", "songs", "found, %", "", "speed, %"], _found(judged), NOTE)
    borders = Table(
        "Borders",
        ["", "borders", "median, s", "95 in 100, s", "within 1 s, %", "late, s"],
        _borders(judged),
        BORDER_NOTE,
    )
    named = judged.right + len(judged.wrong)
    rows: list[list[str] | None] = [
        ["mixes, hours", f"{judged.seconds / 3600:.2f}"],
        ["told", f"{named}"],
        ["of them right (precision)", f"{100 * judged.precision:.1f} %"],
        ["told where only a stranger or another song plays", f"{len(judged.wrong)}"],
        ["told of a relative of what plays, left out", f"{judged.related}"],
        ["songs told in two pieces", f"{judged.parts}"],
        ["hours of strangers", f"{strangers.seconds / 3600:.2f}"],
        ["songs invented there", f"{len(strangers.told)}"],
    ]
    return [found, borders, Table("Told", ["", ""], rows, about)]


def _found(judged: Judged) -> list[list[str] | None]:
    rows: list[list[str] | None] = []
    for name, which in GROUPS.items():
        hits, n = judged.recall(which)
        if n:
            low, high = wilson(hits / n, n)
            errors = [100 * s.speed_error for s in judged.found if which(s)] or [0.0]
            speeds = f"{np.median(errors):.3f} / {np.percentile(errors, 95):.3f}"
            rows.append(
                [name, str(n), f"{100 * hits / n:.1f}", f"({100 * low:.0f} to {100 * high:.0f})", speeds]
            )
    return rows


def _borders(judged: Judged) -> list[list[str] | None]:
    found = judged.found
    rows: list[list[str] | None] = []
    for name, side in (("begins", 0), ("ends", 1)):
        for joint in ("", *JOINTS):
            songs = [s for s in found if joint in ("", s.truth.joints[side])]
            if songs:
                errors = [s.end_error if side else s.start_error for s in songs]
                label = f"{name} by {joint}" if joint else name
                rows.append([label, *_errors(errors)])
        rows.append(None)
    both = [e for s in found for e in (s.start_error, s.end_error)]
    return [*rows, ["all", *_errors(both)]] if both else []


def _errors(errors: Sequence[float]) -> list[str]:
    sizes = np.abs(errors)
    return [
        str(len(sizes)),
        f"{np.median(sizes):.2f}",
        f"{np.percentile(sizes, 95):.2f}",
        f"{100 * np.mean(sizes <= 1.0):.0f}",
        f"{np.median(errors):+.2f}",
    ]
