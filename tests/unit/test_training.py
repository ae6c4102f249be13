"""The verifier's training: the mirror, the folds, what is learned from a tiny set, and the table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.progress import silent
from bench.accuracy.sound import write_wav
from bench.accuracy.truth import BadTableError, Query, Relatives, query_name, write_truth
from sklearn.ensemble import HistGradientBoostingClassifier
from training.verifier import check, collect
from training.verifier.asks import Asks, columns
from training.verifier.calibrate import Bin, calibrate, calibration_error, probability
from training.verifier.evaluate import best_of, lessons, out_of_fold, rates, thresholds
from training.verifier.folds import fold_of
from training.verifier.models import Fitted, Trees
from training.verifier.report import tables, write_report
from training.verifier.sets import Relations
from training.verifier.size import best_other, best_strangers, growth
from training.verifier.terms import CHOSEN, bounded, matrix
from training.verifier.train import INSTALLED, train
from training.verifier.trees import Forest, Tree, forest_of
from training.verifier.write import TABLE, Table, read_constants, read_table, table_text

from sonica import _engine
from sonica.audio.compose import Song

NOBODY = Relatives()
FEATURES = _engine.FEATURES


def asks_of(
    scored: Mapping[tuple[int, bool], list[tuple[int, float]]], songs: int, *, length_s: float = 5.0
) -> Asks:
    """Asks (song, masked) with hits (song, likelihood), likeliest first; all other features are zero but
    those that follow from likelihoods.
    """
    rows, hits, of = [], [], []
    for i, found in enumerate(scored.values()):
        for j, (song, likelihood) in enumerate(found):
            row = dict.fromkeys(FEATURES, 0.0)
            others = [value for k, (_, value) in enumerate(found) if k != j]
            rival = max([0.0, *others])
            row |= {"likelihood": likelihood, "lead": likelihood - rival, "runner_up": rival}
            row["votes"] = max(0.0, likelihood)
            row["relative_lead"] = row["lead"] / np.sqrt(1 + abs(likelihood))
            rows.append([row[name] for name in FEATURES])
            hits.append(song)
            of.append(i)
    return Asks(
        songs=[f"song-{i}" for i in range(songs)],
        names=FEATURES,
        song_of=np.array([song for song, _ in scored], np.int64),
        masked=np.array([masked for _, masked in scored]),
        degradation=["clean"] * len(scored),
        length_s=np.full(len(scored), length_s),
        ask_of=np.array(of, np.int64),
        hit_song=np.array(hits, np.int64),
        features=np.array(rows, np.float32).reshape(-1, len(FEATURES)),
    )


# --- the mirror -------------------------------------------------------------------------------------


def test_the_mirror_scores_as_the_engine_does() -> None:
    engine, mirror = check.scores()
    assert engine.size > 20
    assert np.abs(engine - mirror).max() <= check.LARGEST * max(1, np.abs(engine).max())
    assert np.unique(engine.round(3)).size > 10


def test_the_table_asks_about_chosen_features_only() -> None:
    trees = read_table(TABLE.read_text(encoding="utf-8")).forest.trees
    asked = {name for tree in trees for name, _ in (tree.first, *tree.then)}
    assert len(asked) > 5
    assert asked <= set(CHOSEN) <= set(FEATURES)


# --- trees and the table ----------------------------------------------------------------------------


def some_hits(count: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Features by chance, and which hits are right: the more so, the larger lead and votes are together."""
    rng = np.random.default_rng(3)
    hits = {name: rng.normal(0, 1, count).astype(np.float32).astype(float) for name in FEATURES}
    return hits, hits["relative_lead"] + hits["votes"] + rng.normal(0, 0.5, count) > 0


def test_a_forest_scores_as_the_library_that_learned_it() -> None:
    hits, right = some_hits(3000)
    learner = HistGradientBoostingClassifier(max_iter=40, max_depth=2, early_stopping=False, random_state=0)
    forest = forest_of(learner.fit(matrix(hits), right), list(CHOSEN))
    assert np.abs(forest.of(hits) - learner.decision_function(matrix(hits))).max() < 1e-6
    bent = forest.bent(2.0, -1.0)
    assert bent.of(hits) == pytest.approx(2 * forest.of(hits) - 1)
    deep = HistGradientBoostingClassifier(max_iter=3, max_depth=4, early_stopping=False)
    with pytest.raises(ValueError, match="max_depth=2"):
        forest_of(deep.fit(matrix(hits), right), list(CHOSEN))


def test_trees_that_found_nothing_to_ask_are_trees_too() -> None:
    hits, _ = some_hits(200)
    learner = HistGradientBoostingClassifier(
        max_iter=2, max_depth=2, min_samples_leaf=150, early_stopping=False
    )
    forest = forest_of(learner.fit(matrix(hits), np.arange(200) < 1), list(CHOSEN))
    assert np.unique(forest.of(hits)).size == 1


def test_more_of_what_speaks_for_a_song_never_speaks_against_it() -> None:
    hits, right = some_hits(3000)
    forest = Trees(count=40).fit(hits, right).forest
    assert forest is not None
    before = forest.of(hits)
    for name, sign in CHOSEN.items():
        more = forest.of({**hits, name: hits[name] + 1.0})
        if sign:
            assert (sign * (more - before) >= -1e-9).all(), name


def a_table(**changed: float) -> Table:
    asks = ("likelihood", 12.25), ("votes", 1 / 3), ("change", float("inf"))
    tree = Tree(asks[0], (asks[1], asks[2]), ((-0.1234567, changed.get("adds", 123456.7)), (1e-7, 2.0)))
    return Table(Forest([tree, tree], -16.2991234), 200, 0.8)


def test_a_table_is_read_back_as_the_numbers_that_were_written() -> None:
    table = a_table()
    text = table_text(table, ["learned from nothing"], before="")
    read = read_table(text)
    assert read.songs == 200
    assert read.forest.constant == pytest.approx(-16.2991, abs=1e-4)
    hits, _ = some_hits(100)
    assert read.forest.of(hits) == pytest.approx(table.forest.of(hits), rel=1e-5)
    assert len(read.forest.trees) == 2
    assert "learned from nothing" in text
    assert table_text(read, ["learned from nothing"], before=text) == text


def test_the_version_rises_with_the_numbers_and_only_then() -> None:
    first = table_text(a_table(), ["a"], before="")
    again = table_text(a_table(), ["another day"], before=first)
    other = table_text(a_table(adds=0.5), ["a"], before=first)
    assert [read_constants(text)["VERSION"] for text in (first, again, other)] == [1, 1, 2]


@pytest.mark.parametrize("text", ["", "pub(super) const CONSTANT: f32 = 1.0;"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(BadTableError, match="make train"):
        read_table(text)
    with pytest.raises(BadTableError, match="make train"):
        read_table(table_text(a_table(), [], before="").replace("first: (", "first: ((", 1))


# --- folds and relatives ----------------------------------------------------------------------------


def test_no_song_and_no_family_is_in_two_folds() -> None:
    songs = 40
    asks = asks_of({(s, m): [(0, 1.0)] for s in range(songs) for m in (False, True)}, songs)
    # 0-1-2 hang together, 3 and 4 only through a song that is not indexed.
    kin = Relatives([("song-0", "song-1"), ("song-1", "song-2"), ("song-3", "far"), ("far", "song-4")])
    fold = fold_of(asks, kin)
    by_song = [set(fold[asks.song_of == s].tolist()) for s in range(songs)]
    assert all(len(folds) == 1 for folds in by_song)
    assert by_song[0] == by_song[1] == by_song[2]
    assert by_song[3] == by_song[4]
    assert set(fold.tolist()) == set(range(5))
    with pytest.raises(ValueError, match="ask more songs"):
        fold_of(asks.of_songs(np.arange(songs) < 5), kin)


def test_scores_come_from_models_that_have_not_seen_the_song() -> None:
    songs = 10
    asks = asks_of({(s, m): [(s, 30.0 + s)] for s in range(songs) for m in (False, True)}, songs)
    fold = fold_of(asks, NOBODY)

    class Remembers:
        """Scores 1 what it was taught, 0 what it was not."""

        def fit(self, seen: Mapping[str, np.ndarray], _right: object) -> Fitted:
            known = set(seen["likelihood"].tolist())
            return Fitted(lambda c: np.array([float(v in known) for v in c["likelihood"]]))

    raw, _ = out_of_fold(Remembers(), asks, fold)
    assert not raw.any()
    assert Remembers().fit(asks.columns(), None).raw(asks.columns()).all()


def test_relatives_are_neither_right_nor_wrong() -> None:
    asks = asks_of({(0, False): [(1, 50.0), (0, 40.0), (2, 3.0)], (0, True): [(1, 50.0), (2, 3.0)]}, 3)
    left = asks.without_relatives(Relatives([("song-0", "song-1")]))
    assert left.hit_song.tolist() == [0, 2, 2]
    assert left.ask_of.tolist() == [0, 0, 1]
    assert left.columns()["likelihood"].tolist() == [40, 3, 3]
    assert left.right.tolist() == [True, False, False]
    assert best_of(left, left.columns()["likelihood"]).right.tolist() == [True, False]


def test_tables_of_relatives_add_up(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("a,b,why\nx,y,same tune\n")
    two.write_text("a,b,why\ny,z,same loop\n")
    assert Relations(one, None, two).of("y") == {"x", "z"}


# --- judging ----------------------------------------------------------------------------------------


def test_a_hit_is_the_right_song_first_and_above_what_strangers_reach() -> None:
    scored = {(s, False): [(s, 10.0 + s), (9, 5.0)] for s in range(4)}
    scored |= {(4, False): [(9, 30.0), (4, 29.0)]}  # wrong first
    scored |= {(5, False): []}  # nothing comes up
    scored |= {(s, True): [(9, 11.5 if s == 0 else 1.0)] for s in range(6)}
    asks = asks_of(scored, 10)
    best = best_of(asks, asks.columns()["likelihood"])
    limits = thresholds(asks, best, 0.0, per_length=True)
    assert limits == {5.0: 11.5}
    found = rates(asks, best, limits, np.ones(len(asks), bool))
    assert (found.hit.hits, found.hit.n) == (2, 6)
    assert (found.first.hits, found.wrong.hits) == (4, 1)
    assert thresholds(asks, best, 1 / 6, per_length=False) == {5.0: 1.0}


def test_models_learn_from_the_first_hits_and_from_the_right_one() -> None:
    asks = asks_of({(0, False): [(s, 20.0 - s) for s in (5, 4, 3, 2, 1, 0)][::-1][::-1]}, 6)
    assert lessons(asks).tolist() == [True, True, True, False, False, True]


# --- calibration and size ---------------------------------------------------------------------------


def drawn(count: int, *, stretched: float = 1.0) -> Asks:
    """Asks of many songs: the first hit is right as often as `likelihood / stretched` as log odds says."""
    rng = np.random.default_rng(5)
    log_odds = rng.normal(0, 3, count)
    right = rng.random(count) < probability(log_odds)
    return asks_of(
        {
            (2 * i, False): [(2 * i if r else 2 * i + 1, 500 + stretched * x)]
            for i, (x, r) in enumerate(zip(log_odds, right, strict=True))
        },
        2 * count,
    )


def test_calibration_finds_the_line_that_was_bent() -> None:
    asks = drawn(4000, stretched=2.0)
    raw = asks.columns()["likelihood"] - 500 + 1
    found = calibrate(asks, raw, best_of(asks, raw), np.arange(4000) % 5)
    assert found.line.slope == pytest.approx(0.5, rel=0.1)
    assert found.line.offset == pytest.approx(-0.5, abs=0.15)
    assert found.error < 0.02 < found.before
    assert found.isotonic < 0.03
    assert sum(b.n for b in found.bins) == 4000


def test_calibration_error_is_the_mean_distance() -> None:
    assert calibration_error([Bin(0.9, 0.8, 30), Bin(0.2, 0.2, 70)]) == pytest.approx(0.03)
    assert calibration_error([]) == 0


def test_the_best_of_more_exponential_strangers_grows_by_their_scale() -> None:
    rng = np.random.default_rng(7)
    songs, scale = 200, 2.5
    scored = {}
    for i in range(songs):
        value = rng.exponential(scale, songs)
        order = np.argsort(-value)[:32]
        scored[i, True] = [(int(s), float(value[s])) for s in order if s != i]
    asks = asks_of(scored, songs)
    found = growth(asks, [lambda c: c["likelihood"]], np.zeros(songs, np.int64))
    assert list(found.sizes) == [3, 6, 12, 25, 50, 100, 200]
    assert found.slope[0] == pytest.approx(scale, rel=0.15)
    assert found.tail == pytest.approx(scale, rel=0.5)
    assert found.interval[0] < found.correction < found.interval[1]


def test_the_lead_is_over_the_best_song_that_stayed() -> None:
    asks = asks_of({(0, True): [(1, 30.0), (2, 20.0), (3, 5.0)]}, 4)
    lead = [lambda c: c["lead"]]
    nobody = np.zeros(1, np.int64)

    def best(*stays: bool) -> float:
        return float(best_strangers(asks, lead, nobody, np.array(stays))[0])

    assert best(True, True, True, True) == 10
    assert best(True, True, False, True) == 25
    assert best(True, False, True, True) == 15
    assert best(True, False, False, True) == 5


def test_the_best_other_is_that_of_the_slow_obvious_way() -> None:
    rng = np.random.default_rng(11)
    ask = np.append(np.sort(rng.integers(0, 12, 40)), 99)
    value = rng.normal(0, 1, 41).round(1)  # with equals
    slow = [max([0.0, *(value[j] for j in range(41) if j != i and ask[j] == ask[i])]) for i in range(41)]
    assert best_other(ask, value).tolist() == pytest.approx(slow)
    assert best_other(ask[:0], value[:0]).size == 0


# --- all of it --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, songs: list[Song]) -> tuple[Path, Path]:
    """Queries of six composed songs, clean and in noise, 3 s; and the folder of the songs."""
    folder = tmp_path_factory.mktemp("tiny")
    rng = np.random.default_rng(1)
    queries = []
    for i, song in enumerate(songs):
        name = f"song-{i}"
        write_wav(folder / "songs" / f"{name}.wav", song.samples.astype(float), song.rate)
        clip = song.samples[8 * song.rate : 11 * song.rate].astype(float)
        for degradation, loud in (("clean", 0.0), ("snr-5", 1.8 * clip.std())):
            query = Query(query_name(name, 0, 3, degradation, known=True), name, 8.0, 3, degradation)
            heard = 0.3 * (clip + loud * rng.standard_normal(clip.size))
            write_wav(folder / "queries" / query.name, heard, song.rate)
            queries.append(query)
    write_truth(folder / "queries", queries)
    return folder / "queries", folder / "songs"


def test_a_tiny_set_goes_from_queries_to_a_table(
    tiny: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = collect.collect(*tiny, NOBODY, tmp_path / "kept", progress=silent)
    assert len(asks) == 24
    assert asks.masked.sum() == 12
    assert not (asks.hit_song == asks.song_of[asks.ask_of])[asks.masked[asks.ask_of]].any()
    assert asks.right.sum() >= 6
    seen = asks.columns()
    assert (np.diff(seen["likelihood"])[np.diff(asks.ask_of) == 0] <= 0).all()

    asked: list[int] = []
    ask = collect._ask

    def counted(packs: Sequence[_engine.Pack], some: Sequence[collect._Ask]) -> collect._Heard:
        asked.append(len(some))
        return ask(packs, some)

    monkeypatch.setattr(collect, "_ask", counted)
    again = collect.collect(*tiny, NOBODY, tmp_path / "kept", progress=silent)
    assert sum(asked) == 6 * collect.CHECKED
    assert np.array_equal(again.features, asks.features)

    models = {"trees": Trees(count=20)}
    trained = train(asks, NOBODY, a_table().forest, models=models, progress=silent)
    assert list(trained.best) == [INSTALLED, "trees", "trees, no bound"]
    text = table_text(trained.table, ["a trial"], before="")
    learned = bounded(read_table(text).forest.of(seen), seen)
    assert learned[asks.right].mean() > learned[~asks.right].mean()
    assert best_of(asks, learned).right[~asks.masked].mean() >= 0.5
    write_report(tmp_path / "report", trained, ["a trial"], tables(trained))
    report = (tmp_path / "report" / "report.md").read_text()
    assert "| snr-5 |" in report
    assert "at 3 s" in report
    for picture in ("reliability.svg", "scores.svg", "size.svg"):
        assert f"]({picture})" in report
        assert (tmp_path / "report" / picture).read_text().endswith("</svg>\n")


def test_what_another_engine_answered_is_asked_again(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    asks = collect.collect(*tiny, NOBODY, kept, every=3, progress=silent)
    for path in kept.glob("*.npz"):
        heard = collect._read(path)
        collect._write(path, collect._Heard(heard.counts, heard.songs, heard.features * np.float32(2)))
    again = collect.collect(*tiny, NOBODY, kept, every=3, progress=silent)
    assert np.array_equal(again.features, asks.features)
    assert np.array_equal(
        collect.collect(*tiny, NOBODY, kept, every=3, progress=silent).features, asks.features
    )


def test_relatives_are_masked_with_the_song(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    kin = Relatives([("song-0", "song-1")])
    asks = collect.collect(*tiny, kin, tmp_path / "kept", every=6, progress=silent)
    of = {name: i for i, name in enumerate(asks.songs)}
    mine = (asks.song_of[asks.ask_of] == of["song-0"]) & asks.masked[asks.ask_of]
    assert mine.any()
    assert not set(asks.hit_song[mine].tolist()) & {of["song-0"], of["song-1"]}


def test_queries_of_other_songs_are_refused(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    with pytest.raises(BadTableError, match="made from"):
        collect.collect(tiny[0], tmp_path / "songs", NOBODY, tmp_path / "kept", progress=silent)


def test_columns_are_by_name() -> None:
    made = columns(["a", "b"], np.array([[1, 2], [3, 4]], np.float32))
    assert made["b"].tolist() == [2, 4]
