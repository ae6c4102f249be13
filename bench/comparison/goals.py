"""What we hold Sonica to (`bench/goals.csv`), and which goals are met by the results that are kept."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.comparison.results import Figures, ResultsError

GOALS = Path(__file__).parents[1] / "goals.csv"
MISSED, HELD, REACHED, UNMEASURED = "missed", "held", "aim reached", "not measured"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure (None: not measured), the least that must hold and what we aim at, all in `unit`."""

    what: str
    unit: str
    figure: float | None
    least: float
    aim: float
    higher_is_better: bool

    @property
    def verdict(self) -> str:
        """One of the four words above."""
        if self.figure is None:
            return UNMEASURED
        sign = 1 if self.higher_is_better else -1
        if sign * self.figure < sign * self.least:
            return MISSED
        return REACHED if sign * self.figure >= sign * self.aim else HELD


def goals_of(report: Figures, sessions: Figures, scale: Figures, path: Path = GOALS) -> list[Goal]:
    """All goals, in the order of the file. Raises ResultsError."""
    groups = set(report.names("group"))
    others = _others(report, sessions, scale)
    goals = []
    with path.open(newline="", encoding="utf-8") as file:
        for r in csv.DictReader(file):
            name, length = r["goal"], r["length_s"]
            figure = None
            if name in groups:
                figure = 100 * report.one("group", name, "equal", float(length)).share
            elif name in others:
                figure = others[name]()
            what = f"{name}, {length} s" if length else name
            higher = r["better"] == "higher"
            goals.append(Goal(what, r["unit"], figure, float(r["least"]), float(r["aim"]), higher))
    return goals


def _others(report: Figures, sessions: Figures, scale: Figures) -> dict[str, Callable[[], float | None]]:
    """By name of the goal: its figure."""
    sizes = {int(r["songs"]): r for r in scale.table("scale.csv")}

    def size(songs: int, key: str) -> float | None:
        return float(sizes[songs][key]) if songs in sizes else None

    def wrong() -> float:
        row = report.one("all", "all", "shipped")
        return 100 * row.wrong / row.n

    def false() -> float:
        row = sessions.one("session of strangers", "all", "shipped")
        return 100 * row.false / row.n

    return {
        "false accepts by session": false,
        "wrong song named": wrong,
        "calibration error of the confidence": lambda: 100 * calibration_error(report),
        "median seconds until the right answer at 5 dB": lambda: (
            sessions.one("session", "snr5", "shipped").median_s
        ),
        "loss from 1,000 to 100,000 songs": lambda: size(100_000, "loss_points"),
        "loss from 1,000 to 1,000,000 songs": lambda: size(1_000_000, "loss_points"),
        "bytes of a full pack for a second of music, fingerprints of the archive with it": lambda: size(
            max(sizes), "pack_bytes_a_second"
        ),
        "query among 100,000 songs, speed nominal, p99 of processor time": lambda: size(
            100_000, "nominal_cpu_ms_p99"
        ),
        "query among 100,000 songs, everything tried, p99 of processor time": lambda: size(
            100_000, "all_tried_cpu_ms_p99"
        ),
    }


def calibration_error(report: Figures, population: str = "half strangers") -> float:
    """Expected calibration error over bins of equal width, 0 to 1. Raises ResultsError."""
    table = report.table("reliability.csv")
    bins = [r for r in table if (r["population"], r["bins"]) == (population, "width")]
    if not bins:
        raise ResultsError(f"{report.name}/reliability.csv has no population {population!r}")
    return sum(float(r["weight"]) * abs(float(r["confidence"]) - float(r["right"])) for r in bins)
