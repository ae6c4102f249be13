"""What can go wrong with the catalogue itself, as a closed set."""

from typing import Literal

from sonica.platform.errors import SonicaError

CatalogueErrorCode = Literal[
    "damaged",
    "other_database",
    "other_originals",
    "newer",
    "version",
    "not_readable",
    "not_writable",
    "no_music",
    "too_large",
    "unknown_song",
    "unknown_recording",
    "alone",
    "bad_manifest",
]

REFEED = "Run `sonica index rebuild`: it writes the feed anew from the database, and makes every pack anew."
REBUILD = "Run `sonica index rebuild`: it makes every pack anew from the fingerprints that are kept."

UPDATE = f"Update Sonica, if it is older than this folder. {REBUILD}"


class CatalogueError(SonicaError):
    """Codes: `CatalogueErrorCode`. `version`: of a pack, older or newer than this Sonica reads."""

    def __init__(self, code: CatalogueErrorCode, message: str, hint: str) -> None:
        super().__init__(code, message, hint)


def unknown_song(song_id: int) -> CatalogueError:
    """There is no such song."""
    message = f"There is no song {song_id}."
    return CatalogueError("unknown_song", message, "`sonica songs list` shows those that are there.")
