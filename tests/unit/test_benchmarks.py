"""docs/benchmarks.md is what the kept results say, and says it where another system is better."""

import csv
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from bench.accuracy import peers
from bench.accuracy.answers import Answer
from bench.accuracy.made import said
from bench.accuracy.plot import DARK, LIGHT
from bench.accuracy.report import write_report
from bench.accuracy.score import judge
from bench.accuracy.truth import BadTableError, Query, Relatives, query_name
from bench.comparison.__main__ import ROOT, held, main
from bench.comparison.beside import LENGTHS, cells_of, read_systems, shipped_point, trade_off
from bench.comparison.goals import GOALS, HELD, MISSED, REACHED, UNMEASURED, Goal, goals_of
from bench.comparison.page import BEGIN, END, PAGE, files_of, with_short
from bench.comparison.results import Figures, ResultsError, markdown, read_all
from bench.comparison.sections import engines_in_short, in_short, same_asked, worse_than_peers

FILES = files_of(ROOT)
PICTURES = {name: text for name, text in FILES.items() if name.endswith(".svg")}


@pytest.mark.parametrize("name", FILES)
def test_what_is_committed_is_what_the_results_say(name: str) -> None:
    assert held(ROOT / name) == FILES[name], "run `make benchmarks`"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout with nothing but results and the README."""
    shutil.copytree(ROOT / "bench" / "results", tmp_path / "bench" / "results")
    shutil.copyfile(ROOT / "README.md", tmp_path / "README.md")
    return tmp_path


def changed(path: Path, change: Callable[[dict[str, str]], None]) -> None:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        change(row)
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def test_another_result_makes_another_page(copy: Path) -> None:
    def lose(row: dict[str, str]) -> None:
        if (row["kind"], row["name"], row["rule"]) == ("degradation", "phone", "equal"):
            row["first"] = "1"

    changed(copy / "bench" / "results" / "standard-set" / "rows.csv", lose)
    made = files_of(copy)
    different = {name for name, text in made.items() if text != FILES[name]}
    assert {PAGE, "README.md", "docs/pictures/benchmarks/beside-10.svg"} <= different
    assert "▼" in made[PAGE].split("▼ marks")[0]
    with pytest.raises(SystemExit, match=r"docs/benchmarks\.md.*Run make benchmarks"):
        main(root=copy, check=True)
    main(root=copy)
    main(root=copy, check=True)


def test_rows_and_report_of_different_answers_are_refused(copy: Path) -> None:
    report = copy / "bench" / "results" / "sessions" / "sessions.md"
    text = report.read_text()
    report.write_text(re.sub(r"^(\| all \| \d+ \| )\d+", r"\g<1>12", text, flags=re.MULTILINE))
    with pytest.raises(
        ResultsError, match=r"sessions\.md are of different answers.*bench\.accuracy sessions"
    ):
        files_of(copy)


@pytest.mark.parametrize(
    ("folder", "file", "command"),
    [
        ("standard-set", "rows.csv", "bench.accuracy report"),
        ("standard-set", "curves.csv", "bench.accuracy report"),
        ("report-set", "reliability.csv", "bench.accuracy report"),
        ("sessions", "rows.csv", "bench.accuracy sessions"),
        ("scale", "scale.csv", "bench.scale"),
        ("report-set", "made.json", "bench.accuracy report"),
    ],
)
def test_what_is_missing_is_named_with_its_command(copy: Path, folder: str, file: str, command: str) -> None:
    (copy / "bench" / "results" / folder / file).unlink()
    with pytest.raises(ResultsError, match=rf"{folder} has no {file}.*{command}"):
        files_of(copy)


def test_an_engine_that_was_not_noted_is_told_so(copy: Path) -> None:
    (copy / "bench" / "results" / "standard-set" / "made.json").write_text('{"engine": "abc"}')
    with pytest.raises(ResultsError, match=r"does not say \w+: add --made \w+="):
        files_of(copy)


def test_the_readme_needs_its_marks() -> None:
    assert with_short(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\n\nnew\n\n{END}\nb"
    for text in ("nothing", BEGIN, f"{END} {BEGIN}"):
        with pytest.raises(ResultsError, match="lacks"):
            with_short(text, "new")


# --- the page --------------------------------------------------------------------------------------


def test_every_picture_is_there_and_said_in_words() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", FILES[PAGE])
    assert {f"docs/{target}" for _, target in shown} == set(PICTURES)
    assert len(shown) == len(PICTURES) == 8
    # Of two the table of all groups has the figures.
    assert FILES[PAGE].count("These figures as a table") == 6
    for words, target in shown:
        root = ET.fromstring(PICTURES[f"docs/{target}"])  # noqa: S314 (ours)
        description = root.find("{*}desc")
        assert description is not None
        assert description.text == words
        assert len(re.findall(r"\d", words)) > 5


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_colours_for_light_and_dark_only_by_name(name: str) -> None:
    drawn = PICTURES[name].split("</style>")[1]
    assert re.findall(r"#[0-9a-fA-F]{3,6}\b", drawn) == []
    used = set(re.findall(r"var\((--\w+)\)", PICTURES[name]))
    style = PICTURES[name].split("</style>")[0]
    for scheme in style.split("@media (prefers-color-scheme: dark)"):
        assert used <= set(re.findall(r"(--\w+):", scheme)), "a colour that one of both has not"
    assert LIGHT in style
    assert DARK in style


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_of_a_picture_lies_outside(name: str) -> None:
    root = ET.fromstring(PICTURES[name])  # noqa: S314 (ours)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    spots = [
        (e.attrib.get("cx", e.attrib.get("x")), e.attrib.get("cy", e.attrib.get("y"))) for e in root.iter()
    ]
    places = [(float(x), float(y)) for x, y in spots if x and y]
    assert len(places) > 10
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_links_to_places_on_the_page_lead_there() -> None:
    text = FILES[PAGE]
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
    linked = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert linked
    assert linked <= anchors


def test_the_commands_of_the_page_are_there() -> None:
    commands = set(re.findall(r"python -m (bench[.\w]*)", FILES[PAGE]))
    assert {"bench.accuracy", "bench.music", "bench.scale"} <= commands
    for command in commands:
        assert (ROOT / command.replace(".", "/") / "__main__.py").exists(), command
    assert re.search(r"\$\{?\w", FILES[PAGE]) is None  # nothing of the text was left open


def test_every_result_says_its_engine_and_machine() -> None:
    figures = read_all(ROOT / "bench" / "results")
    for name, found in figures.items():
        for key in ("date", "commit", "sonica", "machine", "cores"):
            assert found.said(key), name
        row = next(line for line in FILES[PAGE].splitlines() if line.startswith(f"| [{name}]"))
        assert found.said("commit") in row
        assert found.said("date") in row


def test_engines_are_told_apart() -> None:
    figures = read_all(ROOT / "bench" / "results")
    for found in figures.values():
        found.made = {**found.made, "commit": "abc1234"}
    assert engines_in_short(figures) == "All of it is of the engine of commit abc1234."
    figures["scale"].made = {"commit": "def5678"}
    assert "scale of def5678" in engines_in_short(figures)


def test_a_table_keeps_figures_together_and_to_the_right() -> None:
    text = markdown(["a", "b", "c"], [["x", "100 / 99", "it | is"], ["y", "", "3"]])
    assert text.splitlines()[1] == "| --- | ---: | --- |"
    assert "100\u00a0/\u00a099" in text
    assert r"it \| is" in text


# --- the figures -----------------------------------------------------------------------------------


def standard_set(folder: Path, right: float, made: Mapping[str, str]) -> Figures:
    """A standard set of 50 songs that are named by a share `right`, each stranger with a score below."""
    queries, answers = [], []
    songs = [f"s{i}" for i in range(50)]
    for degradation in peers.GROUPS["all"]:
        for length in LENGTHS:
            for place, song in enumerate(songs):
                name = query_name(song, 0, length, degradation, known=True)
                queries.append(Query(name, song, 0, length, degradation))
                answers.append(Answer(name, song if place < 50 * right else "x", 9, matched=True))
    for degradation, of in (("clean", "u"), ("noiseonly", "n")):
        for length in LENGTHS:
            for place in range(5):
                name = query_name(f"{of}{place}", 0, length, degradation, known=False)
                queries.append(Query(name, "NONE", 0, length, degradation))
                answers.append(Answer(name, "x", place, matched=place == 4))
    judged = judge("sonica", queries, answers, Relatives(), peers.POLICY)
    write_report(folder / "standard-set", [judged], {}, peers.POLICY, made)
    return Figures(folder / "standard-set")


def test_cells_are_counted_and_marked(tmp_path: Path) -> None:
    cells = cells_of(standard_set(tmp_path, 0.5, {"songs": "50"}))
    assert len(cells) == len(peers.GROUPS) * 3
    assert {c.ours for c in cells} == {0.5}
    by = {(c.group, c.length_s): c for c in cells}
    assert by["clean, quiet", 10].surely_below
    assert by["clean, quiet", 10].best == ("Olaf 3-pt", 1.0)
    assert by["clean, quiet", 10].named == "3 of them"
    assert not by["phone", 10].surely_below
    assert by["all", 3].n == 50 * len(peers.GROUPS["all"])


def test_where_another_system_is_better_is_said(tmp_path: Path) -> None:
    standard = standard_set(tmp_path, 0.5, {"songs": "50"})
    scale = Figures(ROOT / "bench" / "results" / "scale").table("scale.csv")
    cells, systems = cells_of(standard), read_systems()
    said_so = worse_than_peers(cells, standard, scale, systems)
    better = sum(share > 0.5 for c in cells for share in c.others.values())
    assert f"In {better} of the {len(cells) * 8} figures" in said_so
    assert "clean, quiet, 10 s | 50.0 % | Olaf 3-pt: 100 % |" in said_so
    assert "strangers named, as it decides | 6 |" in said_so
    fewer = sum(c.best[1] > 0.505 for c in cells)
    assert f"in {fewer} fewer" in in_short(cells, [])
    perfect = standard_set(tmp_path / "better", 1, {"songs": "50"})
    assert "no other system names more" in worse_than_peers(cells_of(perfect), perfect, scale, systems)


def test_our_curve_and_our_point(tmp_path: Path) -> None:
    standard = standard_set(tmp_path, 0.5, {"songs": "50"})
    shares, misses = zip(*trade_off(standard), strict=True)
    assert (shares[0], misses[0]) == (0, 0.5)
    assert list(shares) == sorted(shares)
    assert shares[2] == pytest.approx(6 / 30)
    assert shipped_point(standard) == (6 / 30, 0.5)


def test_other_queries_than_those_of_the_others_are_told(tmp_path: Path) -> None:
    theirs = standard_set(tmp_path, 1, {"songs": "50", "queries": peers.ASKED})
    assert same_asked(theirs, 3900) == "the same 3,900 excerpts"
    ours = standard_set(tmp_path / "b", 1, {"songs": "50", "queries": "0123456789abcdef"})
    assert "others than the rest" in same_asked(ours, 3900)
    with pytest.raises(ResultsError, match="does not say queries"):
        same_asked(standard_set(tmp_path / "c", 1, {"songs": "50"}), 3900)


def test_a_set_of_another_size_is_refused(tmp_path: Path) -> None:
    standard = standard_set(tmp_path, 1, {"songs": "50"})
    standard.rows = [replace(r, n=40) if r.name == "phone" else r for r in standard.rows]
    with pytest.raises(ResultsError, match="the others had"):
        cells_of(standard)


def test_the_other_systems_are_the_same_in_both_files() -> None:
    compared = {p.system for p in peers.read_peers() if not p.system.startswith(peers.OWN_EARLY_FORMS)}
    systems = read_systems()
    assert {p.system for p in systems} == compared
    for p in systems:
        assert p.source
        assert p.options
        assert 0 <= p.accepted_unknown <= 600
        assert 0 <= p.accepted_noise <= 150
        assert p.wrong_at_threshold <= p.wrong
        assert p.match_ms < p.query_ms


@pytest.mark.parametrize(
    ("figure", "higher", "verdict"),
    [
        (79.9, True, MISSED),
        (80, True, HELD),
        (90, True, REACHED),
        (None, True, UNMEASURED),
        (90.1, False, MISSED),
        (90, False, HELD),
        (80, False, REACHED),
    ],
)
def test_verdicts(figure: float | None, *, higher: bool, verdict: str) -> None:
    least, aim = (80, 90) if higher else (90, 80)
    assert Goal("g", "%", figure, least, aim, higher).verdict == verdict


def test_every_goal_has_a_figure_or_is_told_as_not_measured() -> None:
    figures = read_all(ROOT / "bench" / "results")
    goals = goals_of(figures["report-set"], figures["sessions"], figures["scale"])
    with GOALS.open(newline="") as file:
        assert len(goals) == len(list(csv.DictReader(file)))
    open_ones = {g.what for g in goals if g.verdict == UNMEASURED}
    # A goal whose name fits no group and no figure would be told as not measured, too.
    assert all("Hindi" in what or "1,000,000" in what for what in open_ones)
    for g in goals:
        assert (g.least <= g.aim) is g.higher_is_better or g.least == g.aim


@pytest.mark.parametrize("pair", ["commit", "commit=", "=x", "colour=red"])
def test_what_older_answers_were_made_with_is_said_rightly(pair: str) -> None:
    assert said(["commit=abc", "note=a=b"]) == {"commit": "abc", "note": "a=b"}
    with pytest.raises(BadTableError, match="KEY=VALUE"):
        said([pair])
