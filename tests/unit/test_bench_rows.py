"""The CSV files beside a report say what its tables say, and made.json what it was made with."""

import csv
import json
from pathlib import Path

import pytest
from bench.accuracy.answers import Answer
from bench.accuracy.made import made_now, read_made, truth_mark, write_made
from bench.accuracy.report import write_report
from bench.accuracy.run import start_over_where_changed
from bench.accuracy.score import Judged, Policy, judge
from bench.accuracy.sessions import write_sessions
from bench.accuracy.truth import Query, Relatives, query_name

Row = dict[str, str]


def query(song: str, degradation: str, *, known: bool = True) -> Query:
    name = query_name(song, 0, 10, degradation, known=known)
    return Query(name, song if known else "NONE", 0, 10, degradation)


@pytest.fixture
def judged() -> Judged:
    """Two songs, clean and in noise: three right, one of them with another name beside it, one wrong."""
    both = [query(s, d) for s in "ab" for d in ("clean", "snr0")]
    strangers = [query("u", "clean", known=False), query("v", "noiseonly", known=False)]
    rows = [
        Answer(both[0].name, "a", 9, True, confidence=0.9),
        Answer(both[1].name, "a", 8, True, confidence=0.8, ambiguous=True, shared="c"),
        Answer(both[2].name, "b", 7, True, confidence=0.7),
        Answer(both[3].name, "c", 6, True, confidence=0.6),
        Answer(strangers[0].name, "a", 7.5, True, confidence=0.75),
        Answer(strangers[1].name, "a", 1, False, confidence=0.1),
    ]
    return judge("mine", [*both, *strangers], rows, Relatives(), Policy(at_most=1))


def table(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def one(rows: list[Row], **wanted: str) -> Row:
    (found,) = [r for r in rows if all(r[k] == v for k, v in wanted.items())]
    return found


def test_rows_count_what_the_tables_count(judged: Judged, tmp_path: Path) -> None:
    write_report(tmp_path, [judged], {}, Policy(at_most=1), {"songs": "2"})
    rows = table(tmp_path / "rows.csv")
    whole = one(rows, kind="all", name="all", length_s="10", rule="equal")
    told = [whole[k] for k in ("n", "right", "ambiguous", "wrong", "first", "share", "songs")]
    assert told == ["4", "2", "1", "1", "3", "0.5", "2"]
    assert whole["limit"] == "1"
    assert one(rows, kind="degradation", name="snr0", rule="shipped")["wrong"] == "1"
    unknown = one(rows, kind="strangers", name="unknown songs", length_s="10", rule="shipped")
    assert (unknown["false"], unknown["share"], unknown["songs_hit"]) == ("1", "1", "1")
    report = (tmp_path / "report.md").read_text()
    low, high = (f"{100 * float(whole[k]):.0f}" for k in ("low", "high"))
    assert f"| all | 4 | 50 ({low}–{high}) 50 |" in report


def test_curves_count_who_is_above_each_stranger(judged: Judged, tmp_path: Path) -> None:
    write_report(tmp_path, [judged], {}, Policy(at_most=1))
    rows = table(tmp_path / "curves.csv")
    keys = ("length_s", "strangers", "passed", "known", "right", "first")
    assert [tuple(r[k] for k in keys) for r in rows] == [
        ("10", "2", "0", "4", "1", "2"),  # above 7.5: one alone, and one among others
        ("10", "2", "1", "4", "2", "3"),
    ]


def test_bins_hold_every_answer(judged: Judged, tmp_path: Path) -> None:
    write_report(tmp_path, [judged], {}, Policy(at_most=1))
    rows = table(tmp_path / "reliability.csv")
    for population in ("as they are", "half strangers", "half strangers, 10 s"):
        for bins in ("width", "count"):
            part = [r for r in rows if (r["population"], r["bins"]) == (population, bins)]
            assert sum(int(r["n"]) for r in part) == 6
            assert sum(float(r["weight"]) for r in part) == pytest.approx(1, abs=1e-5)
    bin_ = one(rows, population="as they are", bins="width", n="2")
    assert float(bin_["confidence"]) == pytest.approx(0.725)
    assert float(bin_["right"]) == 0.5


def test_sessions_have_rows_and_looks(tmp_path: Path) -> None:
    clip = Query(query_name("a", 0, 4, "snr5", known=True), "a", 0, 4, "snr5")
    looks = [Query(f"{clip.name}@{s}", "a", 0, s, "snr5") for s in (2, 4)]
    rows = [Answer(looks[0].name, "b", 1, False), Answer(looks[1].name, "a", 6, True)]
    rows += [Answer(q.name, "c", 2, False, masked=True) for q in looks]
    judged = judge("mine", looks, rows, Relatives(), Policy())
    write_sessions(tmp_path, [judged], Policy(), {"commit": "abc"})
    found = table(tmp_path / "rows.csv")
    known = one(found, kind="session", name="snr5", rule="shipped")
    assert (known["n"], known["right"], known["median_s"], known["p90_s"]) == ("1", "1", "4", "4")
    stranger = one(found, kind="session of strangers", name="all", rule="equal")
    assert (stranger["n"], stranger["false"], stranger["limit"]) == ("1", "0", "2")
    assert {r["length_s"] for r in table(tmp_path / "looks.csv") if r["kind"] == "degradation"} == {"2", "4"}
    made = json.loads((tmp_path / "made.json").read_text())
    assert made["commit"] == "abc"
    assert made["rule"] == "at most 0.1 % of strangers pass"


def test_what_it_was_made_with_is_noted_and_goes_with_the_answers(tmp_path: Path) -> None:
    made = made_now(engine="one", songs="7")
    write_made(tmp_path, made)
    assert read_made(tmp_path) == {k: v for k, v in made.items() if v}
    assert {"date", "sonica", "machine", "cores", "engine", "songs"} <= set(read_made(tmp_path))
    start_over_where_changed(tmp_path, {"system": "one"})
    assert not (tmp_path / "made.json").exists()  # nobody knows that what was there is of this engine
    assert read_made(tmp_path) == {"engine": "one"}
    write_made(tmp_path, made)
    start_over_where_changed(tmp_path, {"system": "one"})
    assert read_made(tmp_path)["songs"] == "7"
    start_over_where_changed(tmp_path, {"system": "two"})
    assert read_made(tmp_path) == {"engine": "two"}
    assert read_made(tmp_path / "elsewhere") == {}


def test_the_mark_of_a_query_set_is_of_its_truth(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("query,track\n")
    before = truth_mark(tmp_path)
    assert before == truth_mark(tmp_path / "truth.csv")
    (tmp_path / "truth.csv").write_text("query,track\nx,y\n")
    assert truth_mark(tmp_path) != before
