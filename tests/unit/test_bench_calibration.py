"""Calibration, curves over all thresholds, and groups of degradations: against sums worked out by hand."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from bench.accuracy.answers import Answer, read_answers
from bench.accuracy.calibration import (
    AS_THEY_ARE,
    HALF_AND_HALF,
    calibration_error,
    populations,
    reliability,
    reliability_chart,
)
from bench.accuracy.curves import curve, curve_chart, curves_of
from bench.accuracy.degrade import HARDER, STANDARD
from bench.accuracy.groups import GROUPS, REST, SHORT, group_of
from bench.accuracy.report import write_report
from bench.accuracy.score import Judged, Policy, judge
from bench.accuracy.truth import Query, Relatives, query_name


def query(song: str, *, known: bool = True, length: int = 5, degradation: str = "clean") -> Query:
    name = query_name(song, 0, length, degradation, known=known)
    return Query(name, song if known else "NONE", 0, length, degradation)


def judged_of(known: Sequence[tuple[float, bool]], strangers: Sequence[float]) -> Judged:
    """(Confidence, right?) of known songs, confidences of strangers; the score is the confidence."""
    queries = [query(f"k{i}") for i in range(len(known))]
    queries += [query(f"x{i}", known=False) for i in range(len(strangers))]
    told = [*known, *((c, False) for c in strangers)]
    rows = [
        Answer(q.name, q.track if right else "other", c, c > 0.5, confidence=c)
        for q, (c, right) in zip(queries, told, strict=True)
    ]
    return judge("s", queries, rows, Relatives([("k0", "kin"), ("x0", "other")]), Policy())


def test_calibration_error_by_hand() -> None:
    # Of 0.85 one in two is right (weight 1/2), of 0.15 none of two (strangers): |0.85-0.5|/2 + 0.15/2.
    judged = judged_of([(0.85, True), (0.85, False)], [0.95, 0.15, 0.15])
    found = reliability(judged.asked, halves=False)
    assert found is not None
    assert (found.n, found.strangers) == (4, 2)  # the stranger whose relative is named is left out
    assert found.confidence == pytest.approx(0.5)
    assert found.right == pytest.approx(0.25)
    assert calibration_error(found.by_width) == pytest.approx(0.25)
    assert calibration_error(found.by_count) == pytest.approx(0.25)
    low, high = found.by_width
    assert (low.n, low.confidence, low.right) == pytest.approx((2, 0.15, 0))
    assert (high.n, high.confidence, high.right) == pytest.approx((2, 0.85, 0.5))


def test_half_strangers_weigh_as_much_as_all_known() -> None:
    judged = judged_of([(0.95, True)] * 9, [0.95, 0.05])
    whole = populations(judged)
    assert whole[AS_THEY_ARE].right == pytest.approx(9 / 10)
    assert whole[HALF_AND_HALF].right == pytest.approx(0.5)
    assert calibration_error(whole[HALF_AND_HALF].by_width) == pytest.approx(0.05)
    assert set(whole) == {AS_THEY_ARE, HALF_AND_HALF, f"{HALF_AND_HALF}, 5 s"}


def test_bins_of_equal_count_keep_equal_confidences_together() -> None:
    judged = judged_of([(i / 100, True) for i in range(100)], [0.0, *[0.0] * 100])
    found = reliability(judged.asked, halves=False)
    assert found is not None
    first, *others = found.by_count
    assert first.n == 101  # all strangers and the first known one
    assert all(18 <= b.n <= 22 for b in others[:-1])
    assert sum(b.weight for b in found.by_count) == pytest.approx(1)


def test_no_confidence_no_calibration(tmp_path: Path) -> None:
    path = tmp_path / "peer.csv"
    path.write_text(f"query,top1,score,matched\n{query('k').name},k,12,1\n")
    judged = judge("peer", [query("k")], read_answers(path), Relatives(), Policy())
    assert populations(judged) == {}
    write_report(tmp_path, [judged], {}, Policy())
    assert not (tmp_path / "calibration.svg").exists()
    assert populations(judged_of([(0.9, True)], [])) == {}


def test_the_report_has_curves_and_calibration(tmp_path: Path) -> None:
    judged = judged_of([(0.9, True), (0.7, True), (0.2, False)], [0.9, 0.1, 0.75])
    write_report(tmp_path, [judged], {}, Policy())
    text = (tmp_path / "report.md").read_text()
    assert "calibration of the confidence" in text
    assert "![roc.svg]" in text
    assert "![calibration.svg]" in text
    svg = (tmp_path / "calibration.svg").read_text()
    assert svg.count("<title>as they are") == 4
    assert svg.count("<title>half strangers") == 4
    assert svg == reliability_chart(
        "s: how often a confidence is right",
        {n: r for n, r in populations(judged).items() if n in (AS_THEY_ARE, HALF_AND_HALF)},
    )


def test_curve_by_hand() -> None:
    assert curve([5, 3, 1], 4, [4, 2, float("-inf")]) == [(0, 0.25), (1 / 3, 0.5), (2 / 3, 0.75)]
    judged = judged_of([(0.9, True), (0.5, True), (0.95, False)], [0.99, 0.7, 0.1])
    # The first stranger's relative is named: it is no stranger here. Of three known ones two are right.
    ((length, points),) = curves_of(judged).items()
    assert length == 5
    assert points[0] == pytest.approx((0, 1 / 3))
    assert points[1] == pytest.approx((1 / 2, 2 / 3))


def test_curve_chart_is_logarithmic_and_marks_the_wanted_rate() -> None:
    svg = curve_chart("T", {("s", "5 s"): [(0, 0.9), (0.01, 0.95), (0.1, 1.0)]})
    points = re.search(r'<polyline points="([^"]+)"', svg)
    assert points is not None
    xs = [float(p.split(",")[0]) for p in points[1].split()]
    # none, 1 %, 1 %, 10 %, 10 %, 100 %: decades are equally far apart.
    assert xs == sorted(xs)
    assert xs[3] - xs[2] == pytest.approx(xs[5] - xs[4], abs=0.2)
    assert 'stroke-dasharray="2 3"' in svg
    for label in ("none", "0.1", "1", "10", "100"):
        assert f">{label}</text>" in svg


def test_every_degradation_has_its_group() -> None:
    of = {d: group_of(query("a", degradation=d)) for d in STANDARD + HARDER}
    assert set(of.values()) == set(GROUPS) - {SHORT}
    assert {d for d, group in of.items() if group == REST} == {
        *("clip12", "small-speaker", "compressor", "denoise", "gsm", "sbc", "codecs3"),
        *("dropouts", "voice0", "bass12", "wow"),
    }
    near, far = (next(g for g in GROUPS if g.startswith(start)) for start in ("speed 0.8", "speed 0.7"))
    assert {d for d in of if d.startswith("speed") and of[d] == far} == {
        *("speed-30", "speed-25", "speed+30", "speed+40"),
    }
    assert of["speed+25"] == of["speed-20"] == of["slowrev"] == near
    assert group_of(query("a", degradation="snr5", length=2)) == SHORT
    assert group_of(query("a", degradation="phone", length=2)) == "phone"
    named = [d for part in GROUPS.values() for d in part]
    assert len(named) == len(set(named))


def test_groups_are_reported(tmp_path: Path) -> None:
    queries = [query("a", degradation=d) for d in ("clean", "quiet", "snr0", "wow")]
    rows = [Answer(q.name, "a", 1, q.degradation != "snr0") for q in queries]
    judged = judge("s", queries, rows, Relatives(), Policy())
    table = write_report(tmp_path, [judged], {}, Policy())[0]
    shown = [(row[0], row[1], row[2].split()[-1]) for row in table.rows if row]
    assert shown == [
        ("clean and quiet", "2", "100"),
        ("0 dB", "1", "0"),
        (REST, "1", "100"),
        ("all", "4", "75"),
    ]
