"""Sonica for programs and notebooks: songs in a folder, and whatever is heard named after them.

    from sonica import Recognizer

    recognizer = Recognizer("songs")
    recognizer.add("~/Music")
    print(recognizer.file("clip.m4a").song)

Here catalogue and recognition meet: neither knows the other.
"""

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sonica import _engine
from sonica.audio import Listen, listen
from sonica.catalogue import Added, Catalogue, Entry, SongEntry, find_files
from sonica.platform.errors import SonicaError
from sonica.platform.settings import load_settings
from sonica.recognition import Recognizer as Core
from sonica.recognition import SongRef, Thresholds


class Recognizer(Core):
    """The songs in a data folder, and their names for what is heard. Safe to use from several threads.

    `home`: the folder, made when something is added; without one, that of `SONICA_HOME` or the user's
    own. `thresholds`: how sure an answer must be; the engine's own where none are given. `listen`: how
    files are decoded: in this process, or where they can do no harm (`sonica.audio.Sandbox`).
    """

    def __init__(
        self,
        home: str | os.PathLike[str] | None = None,
        thresholds: Thresholds | None = None,
        listen: Listen = listen,
    ) -> None:
        folder = Path(home).expanduser() if home is not None else load_settings().find_home()
        self.catalogue = Catalogue(folder)
        super().__init__(self.catalogue.open_packs, self._named, thresholds, listen)

    def warm(self) -> None:
        """Begins to read the catalogue, so that the first answer waits less; errors come with that one."""
        threading.Thread(target=self._open_packs_quietly, name="sonica-open", daemon=True).start()

    def _open_packs_quietly(self) -> None:
        with suppress(SonicaError):
            self.catalogue.open_packs()

    def __len__(self) -> int:
        """How many recordings it knows."""
        return len(self.catalogue)

    def add(self, *paths: str | os.PathLike[str], dedupe: bool = True) -> list[Added]:
        """Takes songs in: audio files, and folders with all in them. What became of each file.

        A file that fails stops no other; one that is there already costs nothing. Raises CatalogueError.
        """
        return list(self.catalogue.add(find_files(Path(path).expanduser() for path in paths), dedupe=dedupe))

    def songs(self) -> list[SongEntry]:
        """All songs, by id. Raises CatalogueError."""
        return self.catalogue.songs()

    def _named(self, ids: Iterable[int]) -> dict[int, SongRef]:
        return {id_: song_ref(entry) for id_, entry in self.catalogue.describe(ids).items()}


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


def of_pack(pack: _engine.Pack, thresholds: Thresholds | None = None, listen: Listen = listen) -> Core:
    """A recogniser of the songs in one pack, such as was made to be taken along; it needs no data folder."""
    songs = {
        row.recording_id: SongRef(
            id=row.song_id,
            recording_id=row.recording_id,
            title=row.title,
            artist=row.artist,
            language=row.language,
            path="",
            duration_s=row.duration_s,
        )
        for row in pack.recordings()
    }

    def describe(ids: Iterable[int]) -> dict[int, SongRef]:
        return {id_: songs[id_] for id_ in ids if id_ in songs}

    return Core(lambda: ([pack], ()), describe, thresholds, listen)
