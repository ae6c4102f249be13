"""Recordings that are there already: copies, parts, versions, and what only looks like them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from bench.families.model import Recording
from bench.families.tunes import karaoke, two_tunes
from numpy.typing import NDArray
from scipy.signal import lfilter
from tests.conftest import encode_audio

from sonica import _engine
from sonica.audio import Tags, listen, write_audio
from sonica.audio.compose import RATE, Song
from sonica.audio.degrade import add_noise, play_faster
from sonica.catalogue import About, Added, Catalogue, find_files
from sonica.catalogue.duplicates import Finder, Overlap, overlaps
from sonica.catalogue.ingest import Found, Prepared
from sonica.catalogue.store import Store

Samples = NDArray[np.float32]
Family = Callable[[int, int], list[Recording]]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "home", listen=listen)


def add(catalogue: Catalogue, *paths: Path, dedupe: bool = True) -> list[Added]:
    return list(catalogue.add(find_files(paths), dedupe=dedupe))


def kinds(outcome: Added) -> list[tuple[str, int]]:
    return [(link.kind, link.recordings[1]) for link in outcome.links]


def flac(folder: Path, name: str, samples: Samples, rate: int) -> Path:
    path = folder / f"{name}.flac"
    write_audio(path, np.ascontiguousarray(samples, np.float32), rate, Tags(title=name))
    return path


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_a_copy_in_another_encoding_joins_the_song(
    in_one_batch: bool, catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    quiet = 0.3 * lfilter([0.4], [1, -0.6], songs[0].samples)[None].astype(np.float32)
    copy = encode_audio(tmp_path / "copy.mp3", quiet, songs[0].rate, "libmp3lame", sample_format="fltp")
    if in_one_batch:
        outcomes = add(catalogue, music / "0.flac", music / "1.flac", copy)
    else:
        outcomes = [*add(catalogue, music / "0.flac", music / "1.flac"), *add(catalogue, copy)]
    assert [kinds(outcome) for outcome in outcomes] == [[], [], [("same", 1)]]
    assert [outcome.entry.song.id for outcome in outcomes if outcome.entry] == [1, 2, 1]
    entry = catalogue.song(1)
    assert entry.song.title == songs[0].title  # who was there first is believed
    assert [recording.id for recording in entry.recordings] == [1, 3]
    assert entry.recordings[1].about is not None
    assert entry.recordings[1].about.title == "copy"
    (link,) = entry.links
    assert link.share > 0.9
    assert link.offset_s == pytest.approx(0, abs=0.1)
    assert link.speed == pytest.approx(1, abs=0.001)
    rows = [row for pack in catalogue.open_packs().packs for row in pack.recordings()]
    assert {row.recording_id: row.song_id for row in rows} == {1: 1, 2: 2, 3: 1}


def test_what_is_there_by_its_bytes_needs_no_ear(catalogue: Catalogue, music: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.flac"
    copy.write_bytes((music / "0.flac").read_bytes())
    outcomes = add(catalogue, music / "0.flac", copy)
    assert [outcome.entry.song.id for outcome in outcomes if outcome.entry] == [1, 1]
    assert [kinds(outcome) for outcome in outcomes] == [[], [("same", 1)]]
    assert outcomes[1].links[0].share == 1


def test_parts_and_versions_stay_songs_of_their_own(
    catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    song, rate = songs[2], songs[2].rate
    half = flac(tmp_path, "half", song.samples[: len(song.samples) // 2], rate)
    medley = flac(tmp_path, "medley", np.concatenate([songs[4].samples, song.samples[: 25 * rate]]), rate)
    little = flac(tmp_path, "little", song.samples[: 9 * rate], rate)
    faster = flac(tmp_path, "faster", play_faster(song.samples, 1.15), rate)
    add(catalogue, *(music / f"{i}.flac" for i in range(4)))
    outcomes = add(catalogue, half, medley, little, faster)
    assert [outcome.entry.song.id for outcome in outcomes if outcome.entry] == [5, 6, 7, 8]
    assert kinds(outcomes[0]) == [("related", 3)]
    assert outcomes[0].links[0].share == pytest.approx(0.5, abs=0.1)
    assert [kind for kind, _ in kinds(outcomes[1])] in ([], ["related"])  # about 30%
    assert "same" not in {kind for outcome in outcomes for kind, _ in kinds(outcome)}
    assert [kind for kind, other in kinds(outcomes[3]) if other == 3] in ([], ["related"])


def test_a_copy_that_begins_later_in_noise(
    catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    song, rate = songs[1], songs[1].rate
    noisy = add_noise(np.concatenate([np.zeros(2 * rate, np.float32), song.samples]), 10.0)
    add(catalogue, music / "0.flac", music / "1.flac")
    (outcome,) = add(catalogue, flac(tmp_path, "noisy", noisy, rate))
    assert kinds(outcome) == [("same", 2)]
    assert outcome.links[0].offset_s == pytest.approx(-2, abs=0.05)


def test_what_was_split_by_hand_stays_split(
    catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    copy = flac(tmp_path, "copy", 0.5 * songs[0].samples, songs[0].rate)
    add(catalogue, music / "0.flac", copy)
    alone = catalogue.detach(2)
    assert (alone.song.id, alone.song.title) == (2, "copy")
    assert [link.kind for link in alone.links] == ["different"]
    assert catalogue.duplicates() == []
    assert {entry.song.id for entry in catalogue.songs()} == {1, 2}


def test_duplicates_of_a_whole_collection(
    catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    copy = flac(tmp_path, "copy", 0.5 * songs[0].samples, songs[0].rate)
    half = flac(tmp_path, "half", songs[1].samples[: len(songs[1].samples) // 2], songs[1].rate)
    add(catalogue, music / "0.flac", music / "1.flac", copy, half, dedupe=False)
    looked: list[tuple[int, int]] = []
    links = catalogue.duplicates(lambda done, total: looked.append((done, total)))
    assert [(link.recordings, link.kind) for link in links] == [((3, 1), "same"), ((4, 2), "related")]
    assert looked == [(i, 4) for i in range(1, 5)]
    assert len(catalogue.songs()) == 4  # telling changes nothing
    catalogue.link(links)
    assert [recording.id for recording in catalogue.song(1).recordings] == [1, 3]
    assert catalogue.duplicates() == []
    assert catalogue.detach(3).song.title == "copy"


def test_what_was_split_is_not_joined_by_way_of_a_third(
    catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    copies = [
        flac(tmp_path, str(i), gain * songs[0].samples, songs[0].rate) for i, gain in enumerate((0.5, 0.7))
    ]
    add(catalogue, music / "0.flac", copies[0])
    catalogue.detach(2)
    add(catalogue, copies[1], dedupe=False)
    catalogue.link(catalogue.duplicates())
    of = {recording.id: entry.song.id for entry in catalogue.songs() for recording in entry.recordings}
    assert of[1] != of[2]
    write_audio(copies[0], 0.45 * songs[0].samples, songs[0].rate, Tags(title="called otherwise"))
    (outcome,) = add(catalogue, copies[0])  # the file of the recording that was split off, changed
    assert outcome.entry is not None
    assert outcome.entry.song.id != of[1]


@pytest.mark.parametrize("dedupe", [True, False])
def test_a_file_that_is_tagged_anew_keeps_its_song(
    dedupe: bool, catalogue: Catalogue, songs: list[Song], tmp_path: Path
) -> None:
    path = tmp_path / "a.flac"
    song = songs[0]
    write_audio(path, song.samples, song.rate, Tags(title="Dhoop", artist="Somebody"))
    add(catalogue, path)
    catalogue.edit(1, {"title": "सावन की धूप", "year": 1987})
    write_audio(path, song.samples, song.rate, Tags(title="Dhoop", artist="Somebody else"))
    (outcome,) = add(catalogue, path, dedupe=dedupe)
    assert (outcome.status, kinds(outcome)) == ("updated", [])
    assert outcome.entry is not None
    now = outcome.entry.song
    assert (now.id, now.title, now.year, now.artist) == (1, "सावन की धूप", 1987, "Somebody else")
    assert not catalogue.song(1).links
    assert add(catalogue, path)[0].status == "known"


@pytest.mark.parametrize(("of", "in_all"), [(3.5, 7), (8, 12), (13, 17), (11, 12)])
def test_short_recordings_are_measured_by_their_lengths(
    of: float, in_all: float, songs: list[Song], catalogue: Catalogue, tmp_path: Path
) -> None:
    rate = songs[0].rate
    whole = flac(tmp_path, "whole", songs[0].samples[: int(in_all * rate)], rate)
    part = flac(tmp_path, "part", songs[0].samples[: int(of * rate)], rate)
    outcome = add(catalogue, whole, part)[1]
    assert [kind for kind, _ in kinds(outcome)] == ["same" if of / in_all > 0.85 else "related"]
    assert outcome.links[0].share == pytest.approx(of / in_all, abs=0.05)


def test_a_long_silence_shares_nothing(
    catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    rate = songs[0].rate
    sound = np.zeros(120 * rate, np.float32)
    sound[: 7 * rate] = songs[0].samples[: 7 * rate]
    outcomes = add(catalogue, flac(tmp_path, "mostly nothing", sound, rate), music / "0.flac")
    assert [kinds(outcome) for outcome in outcomes] == [[], []]


def test_what_is_lost_or_removed_meanwhile_is_passed_over(
    catalogue: Catalogue, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    add(catalogue, music / "0.flac")
    (next((tmp_path / "home" / "fingerprints").rglob("*.fp"))).unlink()
    (outcome,) = add(catalogue, flac(tmp_path, "copy", 0.5 * songs[0].samples, songs[0].rate))
    assert (outcome.status, kinds(outcome)) == ("added", [])
    lost = catalogue.rebuild()
    assert lost == []  # the pack still had it
    assert not [finding for finding in catalogue.verify() if finding.kind == "error"]


def test_what_another_added_meanwhile_is_found(music: Path, songs: list[Song], tmp_path: Path) -> None:
    """Between a look without the lock and the commit, somebody else adds the very recording."""
    store = Store(tmp_path / "home")
    fingerprint = _engine.fingerprint(0.5 * songs[0].samples, songs[0].rate)
    fresh = [Prepared(Found(tmp_path / "copy.flac"), "content", About(title="copy"), fingerprint, 40.0)]
    finder = Finder(store)
    sharing = finder.look(fresh)
    assert sharing.links(0, []) == []
    add(Catalogue(tmp_path / "home", listen=listen), music / "0.flac")
    assert [link.kind for link in finder.look_again(fresh, sharing).links(0, [])] == ["same"]


@pytest.mark.parametrize("family", [two_tunes, karaoke])
def test_songs_on_one_instrumental_are_related_not_the_same(family: Family, tmp_path: Path) -> None:
    for seed in (1, 2):
        catalogue = Catalogue(tmp_path / str(seed), listen=listen)
        recordings = family(0, seed)
        files = [flac(tmp_path, one.name, one.samples, RATE) for one in recordings]
        outcomes = add(catalogue, *files)
        assert len({outcome.entry.song.id for outcome in outcomes if outcome.entry}) == len(recordings)
        assert {kind for outcome in outcomes for kind, _ in kinds(outcome)} <= {"related"}


def test_how_much_is_shared_does_not_depend_on_who_asks(songs: list[Song]) -> None:
    rate = songs[3].rate
    whole = _engine.fingerprint(songs[3].samples, rate)
    part = _engine.fingerprint(songs[3].samples[10 * rate : 30 * rate], rate)
    seen: list[Overlap] = []
    for query, reference in ((whole, part), (part, whole)):
        builder = _engine.PackBuilder()
        builder.add(7, 7, reference)
        pack = _engine.Pack.from_bytes(builder.build())
        (found,) = overlaps(query, [pack], [], {7: reference}.__getitem__)
        seen.append(found)
    assert seen[0].share == pytest.approx(seen[1].share)
    assert [overlap.offset_s for overlap in seen] == pytest.approx([-10, 10], abs=0.05)
