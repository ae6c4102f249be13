"""The page: figures into the text of `page.txt`, and the short version into the README."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from bench.accuracy import peers as peer_groups
from bench.accuracy.calibration import AS_THEY_ARE, HALF_AND_HALF
from bench.accuracy.figures import percent
from bench.comparison import sections
from bench.comparison.beside import ALLOWED, Cell, Peer, cells_of, read_systems
from bench.comparison.goals import MISSED, calibration_error, goals_of
from bench.comparison.pictures import Picture, pictures
from bench.comparison.results import MAKES, Figures, ResultsError, markdown, read_all
from bench.comparison.say import PICTURES, all_cells_table, details, hits, picture, short_table
from bench.music.manifest import read_music

TEXT = Path(__file__).with_name("page.txt")
PAGE = "docs/benchmarks.md"
BEGIN, END = "<!-- benchmarks: written by `make benchmarks` -->", "<!-- /benchmarks -->"


def files_of(root: Path) -> dict[str, str]:
    """Path below `root` -> what it should hold: the page, its pictures, the README. Raises ResultsError."""
    figures = read_all(root / "bench" / "results")
    cells, peers = cells_of(figures["standard-set"]), read_systems()
    drawn = pictures(figures, cells, peers)
    readme = (root / "README.md").read_text(encoding="utf-8")
    return {
        **{f"{PICTURES}/{file_name(name)}.svg": drawing.svg for name, drawing in drawn.items()},
        PAGE: page(figures, cells, peers, drawn),
        "README.md": with_short(readme, short_version(figures, cells)),
    }


def file_name(picture_name: str) -> str:
    """Of a picture, without its ending."""
    return picture_name.replace("_", "-")


def with_short(readme: str, short: str) -> str:
    """The README with a new part between its two marks. Raises ResultsError where these are not there."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ResultsError(f"README.md lacks {BEGIN} and {END}: put them where the short version belongs")
    return f"{before}{begin}\n\n{short}\n\n{end}{after}"


def short_version(figures: Mapping[str, Figures], cells: Sequence[Cell]) -> str:
    """For the README: the table, and the most important other figures."""
    report, sessions, standard = (figures[name] for name in ("report-set", "sessions", "standard-set"))
    known = report.one("all", "all", "shipped")
    heard = sessions.one("session", "all", "shipped")
    strangers = sessions.one("session of strangers", "all", "shipped")
    before = (
        f"Percent of excerpts named rightly at 10 / 5 / 3 s, where at most {ALLOWED} of 250 strangers of "
        f"each length are accepted: {standard.one('all', 'all').n:,} degraded excerpts among "
        f"{standard.said('songs')} songs of game music, the same for every system."
    )
    after = (
        f"On [harder queries](bench/results/report-set/report.md), where {report.said('rule')}: noise at "
        f"−5 dB {hits(report, '-5 dB')}, at −10 dB and a noisy phone {hits(report, '-10 dB and phone-5')}, "
        f"phone {hits(report, 'phone')}, all at once (slowed, in a market, by small loudspeaker and phone) "
        f"{hits(report, 'allatonce')}; {known.wrong} wrong names in {known.n:,} queries as shipped. "
        f"[Listening sessions](bench/results/sessions/sessions.md) of up to 15 s: {percent(heard.share)}% "
        f"named rightly and alone, half of them within {heard.median_s:g} s; {strangers.false} of "
        f"{strangers.n:,} sessions of strangers are named a song."
    )
    more = (
        "**[Benchmarks](docs/benchmarks.md)**: plots, what it is worse at, what is unfair and to whom, the "
        f"music, and how to measure all of it again. {sections.engines_in_short(figures)}"
    )
    return "\n\n".join([before, short_table(cells), after, more])


def _in_lines(name: str) -> str:
    """The command that makes a result, as a step among others."""
    command = MAKES[name].replace(" --related", " \\\n           --related")
    if name == "standard-set":
        return command.replace("QUERIES", "STANDARD").replace("=ANSWERS", "=STANDARD-ANSWERS")
    return command


def page(
    figures: Mapping[str, Figures],
    cells: Sequence[Cell],
    peers: Sequence[Peer],
    drawn: Mapping[str, Picture],
) -> str:
    """The whole page."""
    standard, report, sessions = (figures[name] for name in ("standard-set", "report-set", "sessions"))
    goals = goals_of(report, sessions, figures["scale"])
    known, strangers = standard.one("all", "all"), sum(r.n for r in sections.strangers_of(standard))
    reported = report.one("all", "all")
    scale = figures["scale"].table("scale.csv")
    music = read_music()
    setup = [[p.system, p.source, p.options, p.remark] for p in peers]
    words = {
        "short": sections.in_short(cells, goals),
        "songs": standard.said("songs"),
        "same_asked": sections.same_asked(standard, known.n + strangers),
        "known_queries": f"{known.n:,}",
        "known_songs": str(known.songs),
        "degradations": str(len(peer_groups.GROUPS["all"])),
        "stranger_queries": f"{strangers:,}",
        "allowed": str(ALLOWED),
        "table_all": all_cells_table(cells),
        "below": str(sum(c.surely_below for c in cells)),
        "cells": str(len(cells)),
        "table_themselves": sections.themselves(standard, scale, peers),
        "scale_queries": scale[0]["queries"],
        "smallest": f"{int(scale[0]['songs']):,}",
        "report_queries": f"{reported.n:,}",
        "report_songs": str(reported.songs),
        "report_rule": report.said("rule"),
        "report_strangers": f"{sections.setting(report):,}",
        "table_sessions": sections.sessions_table(sessions),
        "calibration_all": f"{100 * calibration_error(report, AS_THEY_ARE):.2f}",
        "calibration_half": f"{100 * calibration_error(report, HALF_AND_HALF):.2f}",
        "doubtful": sections.doubtful(report),
        "worse_peers": sections.worse_than_peers(cells, standard, scale, peers),
        "goals_count": sections.goals_count(goals),
        "table_missed": sections.goals_table([g for g in goals if g.verdict == MISSED]),
        "not_measured": sections.not_measured(goals),
        "processor_time": sections.processor_time(scale),
        "table_goals": sections.goals_table(goals),
        "our_strangers": str(sections.setting(standard)),
        "table_setup": markdown(["system", "source", "options", "to bear in mind"], setup),
        "music_files": str(len(music)),
        "table_music": sections.music_table(music),
        "table_made": sections.made_table(figures),
        **{f"make_{name.partition('-')[0]}": _in_lines(name) for name in MAKES},
        **{f"picture_{name}": picture(file_name(name), drawing.about) for name, drawing in drawn.items()},
        **{f"details_{name}": details(drawing.table) for name, drawing in drawn.items()},
    }
    return Template(TEXT.read_text(encoding="utf-8")).substitute(words)
