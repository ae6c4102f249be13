"""What thresholds were measured to mean: which file is accepted, and which point stands for a threshold."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import binomtest

from sonica.recognition import OperatingPoints, Share, load_operating_points, operating_points

WHOLE: dict[str, Any] = {
    "date": "2026-11-22",
    "machine": "two cores",
    "what": "Made-up counts for a test.",
    "known": 200,
    "strangers": 3000,
    "sessions": 1000,
    "known_sessions": 100,
    "points": [
        {
            "match_at": 0.5,
            "hits": 190,
            "wrong": 2,
            "false_accepts": 9,
            "session_hits": 98,
            "session_wrong": 1,
            "session_false_accepts": 5,
        },
        {
            "match_at": 0.9,
            "hits": 180,
            "wrong": 0,
            "false_accepts": 0,
            "session_hits": 97,
            "session_wrong": 0,
            "session_false_accepts": 1,
        },
    ],
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**WHOLE, **fields}


def point(**fields: Any) -> dict[str, Any]:
    return changed(points=[{**WHOLE["points"][0], **fields}, WHOLE["points"][1]])


def test_what_is_kept_with_sonica_is_valid() -> None:
    for one in load_operating_points().points:
        assert load_operating_points().at(one.match_at) is not None


def test_where_no_file_is_nothing_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operating_points, "FILE", "none.json")
    assert load_operating_points() == OperatingPoints()
    assert OperatingPoints().at(1.0) is None


def test_counts_become_shares_of_what_they_were_counted_in() -> None:
    measured = OperatingPoints.model_validate(WHOLE).at(0.5)
    assert measured is not None
    shares = json.loads(measured.model_dump_json())
    told = {
        kind: {name: (share["count"], share["of"]) for name, share in shares[kind].items()}
        for kind in ("clips", "sessions")
    }
    assert told == {
        "clips": {"right": (190, 200), "wrong": (2, 200), "false_accepts": (9, 3000)},
        "sessions": {"right": (98, 100), "wrong": (1, 100), "false_accepts": (5, 1000)},
    }
    assert list(shares["clips"]["right"]) == ["count", "of", "share", "at_least", "at_most"]
    assert shares["clips"]["false_accepts"]["share"] == 0.003


@pytest.mark.parametrize(
    "wrong",
    [
        changed(points=WHOLE["points"][::-1]),
        changed(points=[WHOLE["points"][0]] * 2),
        changed(known=189),
        changed(strangers=8),
        changed(sessions=4),
        changed(known_sessions=97),
        changed(date="yesterday"),
        changed(knwon=3),
        point(match_at=1.5),
        point(hits=-1),
        point(false_accepts=9.5),
        point(hit=190),
        changed(points=[WHOLE["points"][0], {**WHOLE["points"][1], "false_accepts": 10}]),
        changed(points=[WHOLE["points"][0], {**WHOLE["points"][1], "session_false_accepts": 6}]),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    OperatingPoints.model_validate(WHOLE)
    with pytest.raises(ValidationError):
        OperatingPoints.model_validate(wrong)


@pytest.mark.parametrize(
    "name", ["known", "strangers", "sessions", "known_sessions", "what", "machine", "date"]
)
def test_any_part_may_be_missing(name: str) -> None:
    points = OperatingPoints.model_validate({key: value for key, value in WHOLE.items() if key != name})
    measured = points.at(0.95)
    assert measured is not None
    missing = {
        "known": (measured.clips.right, measured.clips.wrong),
        "strangers": (measured.clips.false_accepts,),
        "known_sessions": (measured.sessions.right, measured.sessions.wrong),
        "sessions": (measured.sessions.false_accepts,),
    }
    for whose, shares in missing.items():
        assert all((share is None) == (whose == name) for share in shares)


@given(
    thresholds=st.lists(st.floats(0, 1, width=32), unique=True, max_size=20).map(sorted),
    asked=st.floats(0, 1),
    data=st.data(),
)
def test_the_point_of_a_threshold_is_the_highest_that_is_not_above_it(
    thresholds: list[float], asked: float, data: st.DataObject
) -> None:
    falls = data.draw(st.lists(st.integers(0, 1000), min_size=len(thresholds), max_size=len(thresholds)))
    rows = [
        {"match_at": one, "false_accepts": count}
        for one, count in zip(thresholds, sorted(falls, reverse=True), strict=True)
    ]
    points = OperatingPoints.model_validate({"strangers": 1000, "points": rows})
    wanted = [row for row in rows if row["match_at"] <= float(np.float32(asked))]
    measured = points.at(asked)
    if not wanted:
        assert measured is None
        return
    assert measured is not None
    assert measured.match_at == wanted[-1]["match_at"]
    # Whoever goes by it never promises too much: every point above has at most as many false accepts.
    assert measured.clips.false_accepts is not None
    assert all(
        row["false_accepts"] <= measured.clips.false_accepts.count for row in rows if row not in wanted
    )


@given(threshold=st.floats(0, 1))
def test_a_threshold_that_was_measured_stands_for_itself(threshold: float) -> None:
    """Also where it is written with fewer digits, as the engine keeps 32 bits of it."""
    points = OperatingPoints.model_validate({"points": [{"match_at": float(str(np.float32(threshold)))}]})
    for asked in (threshold, float(np.float32(threshold))):
        assert points.at(asked) is not None


@given(of=st.integers(1, 100_000), data=st.data())
def test_the_interval_is_wilsons(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    share = Share(count=count, of=of)
    wanted = binomtest(count, of).proportion_ci(0.95, method="wilson")
    assert share.at_least == pytest.approx(wanted.low, abs=1e-12)
    assert share.at_most == pytest.approx(wanted.high, abs=1e-12)
    assert 0 <= share.at_least <= share.share <= share.at_most <= 1
