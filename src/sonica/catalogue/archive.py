"""The fingerprint of every recording, as it was heard: all that packs are ever made from.

    fingerprints/000/000000123.fp    of recording 123

A file is written before the database names its recording. One that no recording there has
is left from a crash: it is written over when its id is given out, or removed by a rebuild.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from sonica import _engine
from sonica.catalogue.errors import REBUILD, CatalogueError
from sonica.platform.files import write_new

A_FOLDER = 1_000
"""Files in one folder, at most."""


class Archive:
    """The folder. Cheap to make; created when something is put in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, recording_id: int) -> Path:
        """Where the fingerprint of a recording is."""
        return self.folder / self.name(recording_id)

    @staticmethod
    def name(recording_id: int) -> str:
        """How the fingerprint of a recording is called in the folder."""
        return f"{recording_id // A_FOLDER:03d}/{recording_id:09d}.fp"

    def put(self, fingerprints: Mapping[int, bytes]) -> None:
        """Writes those of new recordings, by their ids, durably. Raises OSError."""
        write_new({self.path(id_): fingerprint for id_, fingerprint in fingerprints.items()})

    def get(self, recording_id: int) -> bytes:
        """Reads one, and sees that it is whole. Raises CatalogueError (`damaged`)."""
        path = self.path(recording_id)
        try:
            fingerprint = path.read_bytes()
            _engine.read_fingerprint(fingerprint)
        except OSError as error:
            raise CatalogueError(
                "damaged", f"{path} could not be read ({error.strerror}).", REBUILD
            ) from error
        except _engine.EngineError as error:
            raise CatalogueError("damaged", f"{path}: {error.message}.", REBUILD) from error
        return fingerprint

    def remove(self, recording_id: int) -> None:
        """Removes one, if it is there and may be removed."""
        with suppress(OSError):
            self.path(recording_id).unlink()

    def ids(self) -> Iterator[int]:
        """The recordings of which there is a file."""
        for folder in sorted(self.folder.glob("[0-9]*")):
            for path in sorted(folder.glob("*.fp")):
                if path.stem.isdecimal():
                    yield int(path.stem)
