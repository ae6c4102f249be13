"""Thresholds and what they were measured to mean, in words and as a table."""

import math
import textwrap
from typing import Self

from rich.text import Text

from sonica.cli.console import plain
from sonica.cli.settings import Setting
from sonica.recognition import Measured, OperatingPoints, Rates, shown_threshold

ROWS = 24
"""Most rows of a table; where there are more, some are left out."""
WIDTH = 78
"""Characters of a line of prose."""

NOT_MEASURED = "not measured"


class Tried(Measured):
    """A measured threshold, and whether it stands for the one that is set (see `OperatingPoints.at`)."""

    is_current: bool

    @classmethod
    def all(cls, points: OperatingPoints, current: Setting) -> list[Self]:
        """Every measured threshold, ascending."""
        now = current.measured.match_at if current.measured else None
        measured = [points.measured(point) for point in points.points]
        return [cls(**dict(one), is_current=one.match_at == now) for one in measured]


def meaning(setting: Setting, points: OperatingPoints) -> Text:
    """What a threshold was measured to mean, and of what."""
    does = "named" if setting.name == "match_at" else "named, or mentioned as possible"
    lines = [
        Text.assemble(" From ", (setting.shown_value, "bold"), f" on ({setting.name}) a song is {does}.")
    ]
    measured = setting.measured
    if measured is None:
        lines.append(Text(f"   What that means was {NOT_MEASURED}{' so low' if points.points else ''}."))
        return Text("\n").join([*lines, Text()])
    lines += _rates("single clips", measured.clips) + _rates("sessions", measured.sessions)
    if shown_threshold(measured.match_at) != setting.shown_value:
        lower = f"   Measured at {shown_threshold(measured.match_at)}, the next lower threshold that was."
        lines.append(Text(lower, style="dim"))
    return Text("\n").join([*lines, Text()])


def _rates(kind: str, rates: Rates) -> list[Text]:
    """Three lines, for what is right, wrong, and a false accept."""
    rows = (("right", rates.right), ("wrong", rates.wrong), ("false accepts", rates.false_accepts))
    lines = []
    for number, (name, share) in enumerate(rows):
        start = f"   {kind if number == 0 else '':<14}{name:<14}"
        if share is None:
            lines.append(Text(f"{start}{NOT_MEASURED:>13}"))
            continue
        is_good = name == "right"
        bound = f"at least {percent(share.at_least)}" if is_good else f"at most {percent(share.at_most)}"
        count = f"{share.count:,} of {share.of:,}"
        lines.append(
            Text.assemble(start, (f"{percent(share.share):>7}", "bold"), f"  {bound:<17}{count:>18}")
        )
    return lines


def table(tried: list[Tried], points: OperatingPoints, current: Setting) -> Text:
    """One line a threshold, the current one marked."""
    if not tried:
        return Text(" No thresholds were measured: this Sonica carries no figures.\n")
    names = "".join(f"{name:>8}" for name in ("right", "wrong", "false", "at most"))
    lines = [
        Text(f"{'':<12}{'single clips':>20}{'':<12}   {'sessions':>18}", style="dim"),
        Text(f"   match_at {names}   {names}", style="dim"),
    ]
    shown = _thinned(tried)
    for one in shown:
        mark = "▸" if one.is_current else " "
        cells = f"{_cells(one.clips)}   {_cells(one.sessions)}"
        line = f" {mark} {shown_threshold(one.match_at):<9}{cells}"
        lines.append(Text(line, style="bold" if one.is_current else ""))
    lines.append(Text())
    for note in _notes(tried, shown, points, current):
        lines += [Text(f" {line}", style="dim") for line in textwrap.wrap(note, WIDTH)]
    return Text("\n").join([*lines, Text()])


def _notes(tried: list[Tried], shown: list[Tried], points: OperatingPoints, current: Setting) -> list[str]:
    """What one must know to read the table."""
    notes = [f"▸ match_at is {current.shown_value} ({current.shown_source})"]
    if not any(one.is_current for one in tried):
        notes[0] = f"match_at is {current.shown_value} ({current.shown_source}), lower than was measured."
    elif current.measured and shown_threshold(current.measured.match_at) != current.shown_value:
        notes[0] += ": this is the next lower that was measured."
    notes.append(
        "right, wrong: of known songs; false: of unknown songs, speech and noise that got a name, and the "
        "upper end of its 95% interval (Wilson; queries taken as independent)."
    )
    if any(_cells(one.clips).count("–") + _cells(one.sessions).count("–") for one in shown):
        notes.append(f"–: {NOT_MEASURED}.")
    if len(shown) < len(tried):
        notes.append(f"{len(shown)} of {len(tried)} thresholds; --json tells all.")
    return [*notes, origin(points)]


def _thinned(tried: list[Tried]) -> list[Tried]:
    """At most about `ROWS` of them, evenly, and the current one always."""
    step = math.ceil(len(tried) / ROWS)
    return [one for number, one in enumerate(tried) if number % step == 0 or one.is_current]


def _cells(rates: Rates) -> str:
    shares = [rate.share if rate else None for rate in (rates.right, rates.wrong, rates.false_accepts)]
    shares.append(rates.false_accepts.at_most if rates.false_accepts else None)
    return "".join(f"{'–' if share is None else percent(share):>8}" for share in shares)


def percent(share: float) -> str:
    """`99.95%`; never all or nothing where it is only nearly so."""
    hundredths = round(share * 10_000)
    if share < 1:
        hundredths = min(hundredths, 9_999)
    if share > 0:
        hundredths = max(hundredths, 1)
    return f"{hundredths / 100:.2f}%"


def origin(points: OperatingPoints) -> str:
    """When, where and with what it was measured."""
    when = f"Measured on {points.date}" if points.date else "Measured on a day that nobody noted"
    where = f", {plain(points.machine)}" if points.machine else ""
    return f"{when}{where}. {plain(points.what)}".rstrip()
