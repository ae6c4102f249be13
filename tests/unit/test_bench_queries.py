"""Query sets are the same every time, can be interrupted and widened, and keep reporting and tuning apart."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.composed import MADE_NOISE, compose_data
from bench.accuracy.degrade import HARDER, STANDARD
from bench.accuracy.everything import measure
from bench.accuracy.progress import silent
from bench.accuracy.queries import Plan, make_queries
from bench.accuracy.sound import RATE, read_clip, write_wav
from bench.accuracy.sources import Chosen, Sources, Split, choose, is_even
from bench.accuracy.truth import BadTableError, Query, read_truth


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two composed songs to index and an unknown one."""
    folder = tmp_path_factory.mktemp("data")
    compose_data(folder, known=2, unknown=1, progress=silent)
    return folder


def chosen_from(data: Path, seed: int = 1) -> Chosen:
    sources = Sources(data / "catalogue", data / "unknown", made_noise=("pink", "hum"))
    return choose(sources, Split.ALL, seed, 2)


def make(data: Path, out: Path, *names: str, seed: int = 1, jobs: int = 1) -> list[Query]:
    plan = Plan(chosen_from(data, seed), names, ("clean", "noiseonly"), (2,), short=False)
    return make_queries(plan, out, jobs=jobs, progress=silent)


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("*.wav"))}


def test_equal_inputs_give_equal_bytes_in_any_order(data: Path, tmp_path: Path) -> None:
    rows = make(data, tmp_path / "one", "clean", "snr5", "wow")
    again = make(data, tmp_path / "two", "wow", "clean", "snr5", jobs=2)
    assert len(rows) == 2 * 3 + 2
    assert {q.name: q for q in rows} == {q.name: q for q in again}
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert read_truth(tmp_path / "one") == rows
    assert {q.song for q in rows if not q.known} == {"composed-002"}
    samples, rate = read_clip(tmp_path / "one" / rows[0].name)
    assert (len(samples), rate) == (2 * RATE, RATE)


def test_what_exists_is_kept_and_what_is_missing_is_made(data: Path, tmp_path: Path) -> None:
    rows = make(data, tmp_path, "clean", "snr5")
    before = digests(tmp_path)
    kept, lost = tmp_path / rows[0].name, tmp_path / rows[1].name
    lost.unlink()
    stamp = kept.stat().st_mtime_ns
    notes = next((tmp_path / ".made").glob("composed*"))
    notes.write_text(notes.read_text() + "cut off")
    wider = make(data, tmp_path, "clean", "snr5", "dropouts")
    assert kept.stat().st_mtime_ns == stamp
    assert len(wider) == len(rows) + 2
    assert {name: d for name, d in digests(tmp_path).items() if "dropouts" not in name} == before


def test_longer_clips_leave_the_usual_ones_as_they_are(data: Path, tmp_path: Path) -> None:
    def make_lengths(out: Path, *lengths: int) -> dict[str, Query]:
        plan = Plan(chosen_from(data), ("clean",), (), lengths, short=False)
        return {q.name: q for q in make_queries(plan, out, jobs=1, progress=silent)}

    usual, both = make_lengths(tmp_path / "one", 10), make_lengths(tmp_path / "two", 15, 10)
    assert len(usual) == 2
    assert {name: both[name] for name in usual} == usual
    assert digests(tmp_path / "one").items() <= digests(tmp_path / "two").items()
    longer = next(name for name in both if name not in usual)
    assert len(read_clip(tmp_path / "two" / longer)[0]) == 15 * RATE


def test_another_seed_chooses_otherwise_and_does_not_mix(data: Path, tmp_path: Path) -> None:
    make(data, tmp_path / "one", "snr5")
    with pytest.raises(BadTableError, match="another seed"):
        make(data, tmp_path / "one", "snr5", seed=2)
    make(data, tmp_path / "two", "snr5", seed=2)
    assert not set(digests(tmp_path / "one").values()) & set(digests(tmp_path / "two").values())


def test_an_unknown_degradation_is_said_before_anything_is_made(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BadTableError, match="no degradation 'loud'"):
        make(data, tmp_path / "out", "clean", "loud")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def collection(tmp_path: Path) -> Sources:
    """Sixty short files that claim to be songs, and noises and rooms with suffixes."""
    write_wav(tmp_path / "long.wav", np.full(26 * RATE, 0.1))
    for i in range(60):
        target = tmp_path / "songs" / f"song-{i:02d}.wav"
        target.parent.mkdir(exist_ok=True)
        target.hardlink_to(tmp_path / "long.wav")
    for name in ("noise/rain-213bbd", "noise/rain-faf736", "noise/wind", "rooms/hall", "unknown/x"):
        target = tmp_path / f"{name}.wav"
        target.parent.mkdir(exist_ok=True)
        target.hardlink_to(tmp_path / "long.wav")
    return Sources(tmp_path / "songs", tmp_path / "unknown", tmp_path / "noise", tmp_path / "rooms")


def test_splits_share_nothing(collection: Sources) -> None:
    report = choose(collection, Split.REPORT, 1, 1000)
    tune = choose(collection, Split.TUNE, 2, 1000)
    assert (len(report.songs), len(tune.songs)) == (50, 10)
    assert not set(report.songs) & set(tune.songs)
    # As `printf 1song-07.wav | sha1sum` and so on put them.
    assert [p.stem for p in report.songs[:3]] == ["song-44", "song-02", "song-16"]
    assert not set(report.noises) & set(tune.noises)
    assert len({*report.noises, *tune.noises}) == 3
    assert (len(report.rooms), len(tune.rooms)) == (0, 1)
    assert (len(report.unknown), len(tune.unknown)) == (1, 0)
    assert report.scene_seed != tune.scene_seed


@pytest.mark.parametrize(("split", "seed"), [(Split.REPORT, 2), (Split.TUNE, 1)])
def test_a_seed_belongs_to_one_split(collection: Sources, split: Split, seed: int) -> None:
    with pytest.raises(BadTableError, match="does not go with"):
        choose(collection, split, seed, 10)


def test_noises_are_told_apart_by_their_suffix() -> None:
    names = ("rain-213bbd.opus", "rain-c107eb.opus", "rain-faf736.opus", "rain-1bcd1e.opus")
    assert [is_even(n) for n in names] == [True, True, False, False]
    assert {is_even(f"plain name {i}") for i in range(20)} == {True, False}


def test_the_whole_bench_on_composed_songs(tmp_path: Path) -> None:
    """Sonica itself, from composing to the report, on a handful of queries."""
    made = measure(
        ask=2,
        eval_data=None,
        data=tmp_path / "data",
        out=tmp_path / "out",
        progress=silent,
        degradations=("clean", "snr5", "speed+5"),
        lengths=(10,),
        composed=(3, 1),
        jobs=1,
    )
    assert "Sonica's own" in made.remark
    text = (tmp_path / "out" / "report.md").read_text()
    assert "| clean | 6 | 100 " in text
    assert "own song masked, all" in text
    assert MADE_NOISE[0] in (tmp_path / "data" / "queries-composed" / "truth.csv").read_text()


@pytest.mark.heavy
def test_every_degradation_from_composing_to_the_report(tmp_path: Path) -> None:
    """All that `make bench` does, on fewer songs and of one length: each cell is asked and reported."""
    made = measure(
        ask=3,
        eval_data=None,
        data=tmp_path / "data",
        out=tmp_path / "out",
        progress=silent,
        lengths=(5,),
        composed=(6, 2),
    )
    report = json.loads((tmp_path / "out" / "report.json").read_text())[0]
    cells = {c["degradation"]: c for c in report["cells"] if c["length_s"] == 5}
    assert set(cells) == {*STANDARD, *HARDER}
    assert report["unanswered"] == report["thinned"] == 0
    for name, cell in cells.items():
        assert cell["n"] >= 3, name
        assert sum(cell["outcomes"]["shipped"].values()) == cell["n"], name
    assert all(cells[name]["hit_rate"]["shipped"]["share"] == 1 for name in ("clean", "quiet", "snr10"))
    assert {s["kind"] for s in report["false_accepts"]} == {"unknown songs", "noise alone", "own song masked"}
    strangers = sum(s["shipped"]["n"] for s in report["false_accepts"])
    assert sum(s["shipped"]["hits"] for s in report["false_accepts"]) <= 0.01 * strangers
    assert {"noise.svg", "speed.svg", "report.md"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert len(made.tables) >= 2
