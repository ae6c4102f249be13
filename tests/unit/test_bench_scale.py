"""The curve by the size of the catalogue: nested, resumable, and with no distractor of what is asked for."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.material import Material
from bench.accuracy.progress import silent
from bench.accuracy.score import Policy
from bench.accuracy.truth import BadTableError, Query, Relatives, query_name
from bench.scale import catalogue as making
from bench.scale import measure as measuring
from bench.scale.asking import CHUNK, Asked, ask_all
from bench.scale.catalogue import GIB, Recipe, make_packs, parts_of, sizes_up_to
from bench.scale.ground import Ground, sources_of
from bench.scale.measure import Place, Row, correction, measure
from bench.scale.table import chart_of, cost_chart_of, tables_of, write_csv

from sonica import _engine
from sonica.audio.compose import compose_song

SIZES = (10, 20)
MACHINE = {"processor": "one", "load": "0.0", "system": "here"}


@pytest.fixture(scope="module")
def ground() -> Ground:
    """Of eight songs two are asked for; a third is a relative of the first, and one song is unknown."""
    songs = [compose_song(seed) for seed in range(9)]
    prints = [_engine.fingerprint(song.samples, song.rate) for song in songs]
    queries, heard = [], []
    for number, start, known in ((0, 10, True), (0, 20, True), (1, 12, True), (8, 12, False)):
        name = query_name(f"s{number}", start, 8, "clean", known=known)
        queries.append(Query(name, f"s{number}" if known else "NONE", start, 8, "clean"))
        heard.append(_engine.read_fingerprint(prints[number]).excerpt(start, 8))
    kin = Relatives([("s0", "s5")])
    away = {q.name: kin.of(q.song) | {q.song} for q in queries if q.known}
    material = Material(queries, heard, [(f"s{n}", prints[n]) for n in range(8)], away)
    return Ground(material, sources_of(material, kin), kin, "These are Sonica's own.")


@pytest.fixture(scope="module")
def recipe(ground: Ground) -> Recipe:
    return Recipe(ground.material.songs, [print_ for _, print_ in ground.sources], 20, pack_songs=10)


@pytest.fixture(scope="module")
def measured(
    ground: Ground, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Row], Path]:
    data = tmp_path_factory.mktemp("scale")
    return measure(ground, recipe, SIZES, Place(data, GIB, 1), policy=Policy(), progress=silent), data


def test_a_row_has_all_that_is_promised_and_the_answers_are_right(measured: tuple[list[Row], Path]) -> None:
    rows, _ = measured
    assert [row["songs"] for row in rows] == list(SIZES)
    for row in rows:
        assert (row["queries"], row["songs_asked"], row["strangers"]) == (3, 2, 4)
        assert row["hit"] == row["shipped_hit"] == row["hit, clean and quiet"] == 1
        assert (row["shipped_wrong"], row["shipped_false"], row["loss_points"], row["lost"]) == (0, 0, 0, 0)
        assert row["nominal_n"] == 3
        assert row["all_tried_n"] == 4
        for name in ("hours", "nominal_ms_p50", "all_tried_cpu_ms_p99", "postings_mean", "open_ms"):
            assert float(row[name] or 0) > 0, name
        assert row["best_wrong_max"] is not None
        assert 0 <= float(row["best_wrong_made"] or 0) <= 1
        assert 0 < float(row["made"] or 0) < 1
    small, large = rows
    assert (small["packs"], large["packs"]) == (1, 2)
    assert float(large["pack_bytes"] or 0) > float(small["pack_bytes"] or 0)
    assert float(large["hours"] or 0) - float(small["hours"] or 0) == pytest.approx(10 * 20 / 3600)


def test_no_distractor_is_made_of_a_song_that_is_asked_for(ground: Ground) -> None:
    assert [stem for stem, _ in ground.sources] == ["s2", "s3", "s4", "s6", "s7"]
    everywhere = replace(
        ground.material,
        queries=[Query(f"s{n}__e0__08s__clean.wav", f"s{n}", 0, 8, "clean") for n in range(8)],
    )
    with pytest.raises(BadTableError, match="asks for every song"):
        sources_of(everywhere, Relatives())
    unknown = replace(ground.material, queries=[Query("NEG-x__e0__08s__clean.wav", "NONE", 0, 8, "clean")])
    assert "s3" not in dict(sources_of(unknown, Relatives([("x", "s3")])))


def test_a_small_catalogue_is_the_beginning_of_a_large_one(recipe: Recipe, tmp_path: Path) -> None:
    packs = make_packs(recipe, (15, 30), tmp_path, budget=GIB, jobs=1, progress=silent)
    assert [len(packs[size]) for size in (15, 30)] == [2, 3]
    assert packs[15][0] == packs[30][0]
    part, whole = _engine.Pack.open(packs[15][1]), _engine.Pack.open(packs[30][1])
    assert [r.recording_id for r in part.recordings()] == list(range(11, 16))
    assert [part.fingerprint(n) for n in range(11, 16)] == [whole.fingerprint(n) for n in range(11, 16)]
    assert recipe.name_of(1) == "s0"
    assert recipe.name_of(11) == "distractor 10"


def test_after_an_interruption_the_answers_are_the_same(
    ground: Ground, recipe: Recipe, measured: tuple[list[Row], Path], tmp_path: Path
) -> None:
    packs = make_packs(
        recipe, (10,), measured[1] / "packs" / recipe.key, budget=GIB, jobs=1, progress=silent
    )[10]
    questions = [*ground.material.plain(), *ground.material.masked()]
    path = tmp_path / "10.jsonl"

    def stop(_what: str, done: int, _total: int) -> None:
        if done >= CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask_all(recipe, packs, questions, path, what="ask", progress=stop)
    assert len(path.read_text().splitlines()) == CHUNK
    before = path.read_text()
    path.write_text(before + '{"answer": {"que')
    resumed, process = ask_all(recipe, packs, questions, path, what="ask", progress=silent)
    assert path.read_text().startswith(before)
    assert process.asked == max(CHUNK, len(questions) - CHUNK)
    whole = measured[1].glob("answers/*/10.jsonl")
    straight, _ = ask_all(recipe, packs, questions, next(whole), what="ask", progress=silent)

    def said(one: Asked) -> tuple[object, ...]:
        answer = one.answer
        return answer.query, answer.masked, answer.top1, answer.score, one.postings, one.hypotheses

    assert [said(one) for one in resumed] == [said(one) for one in straight]


def test_what_was_answered_is_not_asked_again(
    ground: Ground, recipe: Recipe, measured: tuple[list[Row], Path]
) -> None:
    rows, data = measured
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*.pack")}
    assert measure(ground, recipe, SIZES, Place(data, GIB, 1), policy=Policy(), progress=silent) == rows
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*.pack")} == before


def test_packs_of_another_recipe_have_another_key(recipe: Recipe) -> None:
    others = [
        replace(recipe, seconds=21),
        replace(recipe, seed=1),
        replace(recipe, profile="lite"),
        replace(recipe, sources=recipe.sources[1:]),
        replace(recipe, songs=recipe.songs[1:]),
        replace(recipe, pack_songs=11),
    ]
    assert len({recipe.key, *(other.key for other in others)}) == 7
    assert replace(recipe).key == recipe.key


def test_a_disk_that_is_too_small_is_told_before(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadTableError, match="--budget-gib allows"):
        make_packs(recipe, (1_000,), tmp_path, budget=1e6, jobs=1, progress=silent)
    monkeypatch.setattr(making, "SPARE", 2**60)
    with pytest.raises(BadTableError, match=r"0\.0 are free"):
        make_packs(recipe, (10,), tmp_path, budget=GIB, jobs=1, progress=silent)
    assert not list(tmp_path.iterdir())


def test_sizes_are_powers_of_ten_and_the_largest() -> None:
    assert sizes_up_to(10_000, 200) == [1_000, 10_000]
    assert sizes_up_to(50_000, 200) == [1_000, 10_000, 50_000]
    assert sizes_up_to(10_000, 2_000) == [10_000]
    assert sizes_up_to(500, 200) == [500]
    with pytest.raises(BadTableError, match="larger number"):
        sizes_up_to(1_000, 2_000)
    assert parts_of(12, 5) == [(0, 5), (5, 10), (10, 12)]


def test_the_tables_the_curves_and_the_csv_hold_the_rows(
    measured: tuple[list[Row], Path], tmp_path: Path
) -> None:
    rows, _ = measured
    tables = tables_of(rows, "About.", MACHINE)
    for table in tables:
        assert [row[0] for row in table.rows if row] == ["10", "20"]
        assert table.title in table.markdown()
    assert "none of the 4 strangers passes" in tables[0].note
    assert chart_of(rows).count("<polyline") == 3
    assert chart_of(rows[:1]).count("<polyline") == 3
    assert cost_chart_of(rows).count("<polyline") >= 5
    write_csv(tmp_path / "scale.csv", rows)
    with (tmp_path / "scale.csv").open() as file:
        read = list(csv.DictReader(file))
    assert [row["songs"] for row in read] == ["10", "20"]
    assert set(read[0]) == set(rows[0])
    json.dumps(rows)


def test_the_correction_is_that_of_the_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    per_log, fitted = correction()
    assert per_log is not None
    assert -10 < per_log < 10
    assert fitted >= 100
    monkeypatch.setattr(measuring, "TABLE", tmp_path / "absent")
    assert correction()[0] is None


def test_numbers_are_finite_where_they_are_there(measured: tuple[list[Row], Path]) -> None:
    for row in measured[0]:
        assert all(np.isfinite(value) for value in row.values() if isinstance(value, int | float))
