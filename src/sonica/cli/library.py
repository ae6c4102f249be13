"""Where catalogue and recognition meet: neither knows the other."""

from collections.abc import Iterable
from pathlib import Path

from sonica.catalogue import Catalogue, Entry
from sonica.recognition import Recognizer, SongRef


def open_recognizer(home: Path) -> tuple[Recognizer, int]:
    """A recogniser of the songs in a data folder, and how many recordings it knows."""
    catalogue = Catalogue(home)

    def describe(ids: Iterable[int]) -> dict[int, SongRef]:
        return {id_: song_ref(entry) for id_, entry in catalogue.describe(ids).items()}

    packs = catalogue.open_packs()
    known = sum(len(pack) for pack in packs)
    return Recognizer(lambda: packs, describe), known


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
