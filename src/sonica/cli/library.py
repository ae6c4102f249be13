"""Where catalogue and recognition meet: neither knows the other."""

from collections.abc import Iterable
from pathlib import Path

from sonica.audio import Listen, listen
from sonica.catalogue import Catalogue, Entry
from sonica.recognition import Recognizer, SongRef, Thresholds


def open_recognizer(
    home: Path, thresholds: Thresholds | None = None, listen: Listen = listen
) -> tuple[Recognizer, int]:
    """A recogniser of the songs in a data folder, and how many recordings it knows.

    `thresholds`: how sure an answer must be; the engine's own where none are given. `listen`: how files
    are decoded.
    """
    catalogue = Catalogue(home)

    def describe(ids: Iterable[int]) -> dict[int, SongRef]:
        return {id_: song_ref(entry) for id_, entry in catalogue.describe(ids).items()}

    packs = catalogue.open_packs()
    known = sum(len(pack) for pack in packs)
    return Recognizer(lambda: packs, describe, thresholds, listen), known


def song_ref(entry: Entry) -> SongRef:
    """A recording of the catalogue, as answers name it."""
    song, recording = entry.song, entry.recording
    return SongRef(
        id=song.id,
        recording_id=recording.id,
        title=song.title,
        artist=song.artist,
        language=song.language,
        path=recording.path,
        duration_s=recording.duration_s,
    )
