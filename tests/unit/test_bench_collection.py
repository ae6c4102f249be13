"""The bench of a collection, on as little as shows that it measures what it says."""

from pathlib import Path

import pytest
from bench.accuracy.progress import silent
from bench.collection.adding import composed_files, rates
from bench.collection.merging import while_merging
from bench.collection.opening import SONG_S, large_catalogue, opening

from sonica.audio import decode
from sonica.catalogue import Catalogue


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.collection.adding.SONG_S", 20)
        return composed_files(tmp_path_factory.mktemp("music") / "files", 2, silent)


def test_the_files_are_whole_songs(files: list[Path]) -> None:
    assert [path.name for path in files] == ["000.mp3", "001.mp3"]
    assert [decode(path).duration for path in files] == pytest.approx([20, 20], abs=0.2)


def test_rates_are_of_the_files(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.collection.adding.RUNS", 1)
    found = rates(files, tmp_path)
    bound = 1 / (1 / found["decoder"] + 1 / found["fingerprint"])
    assert found["ratio"] == pytest.approx(found["add"] / bound)
    assert found["music_s"] == pytest.approx(40, abs=0.5)
    assert len(Catalogue(tmp_path / "home-0")) == len(Catalogue(tmp_path / "plain-0")) == 2


def test_a_large_catalogue_is_merged_and_opened(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.collection.opening.BATCH", 2)
    monkeypatch.setattr("bench.collection.merging.AT_LEAST", 3)
    large_catalogue(tmp_path / "large", files, 10, silent)
    merged = while_merging(tmp_path / "large", files, silent)
    assert merged["packs_before"] == 5
    assert merged["packs_after"] == 2
    assert merged["merge_s"] > 0
    for when in ("alone", "merging", "merged"):
        assert 0 < merged[f"{when}_p50_ms"] <= merged[f"{when}_p99_ms"]
    catalogue = Catalogue(tmp_path / "large")
    assert sorted(song.recordings[0].duration_s for song in catalogue.songs())[:3] == pytest.approx(
        [20, 20, SONG_S], abs=0.2
    )
    assert len(catalogue) == 10
    assert not [one for one in Catalogue(tmp_path / "large").verify() if one.kind == "error"]
    found = opening(tmp_path / "large", files[0], 1)
    assert found["packs"] == merged["packs_after"]
    assert 0 < found["open_ms"] < found["recognize_ms"]
    assert found["bytes_a_second"] > 100
