"""What the catalogue knows of a song, and one change to it.

A *song* is what a listener wants to be told; a *recording* is one file that it was heard in. Ids
are counted up from 1 and never used again.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from sonica.platform.errors import Failure


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Song(_Frozen):
    """A song; empty strings where nobody said."""

    id: int
    title: str
    artist: str = ""
    language: str = ""
    album: str = ""
    genre: str = ""


class Recording(_Frozen):
    """A file that was added. `path` as it was given, `location` absolute, `content` its hash."""

    id: int
    song_id: int
    path: str
    location: str
    content: str
    duration_s: float


class Entry(_Frozen):
    """A recording and the song it is of."""

    song: Song
    recording: Recording


class Commit(_Frozen):
    """One change of the catalogue, which happens as a whole or not at all.

    The new `pack` holds the new recordings and those of the packs that it `replaces`, without
    the `retired` ones.
    """

    version: Literal[1] = 1
    pack: str
    replaces: tuple[str, ...] = ()
    songs: tuple[Song, ...] = ()
    recordings: tuple[Recording, ...] = ()
    retired: tuple[int, ...] = ()


class Added(_Frozen):
    """What became of one file: `added`, `known` (there already, unchanged) or `error`."""

    file: str
    status: Literal["added", "known", "error"]
    entry: Entry | None = None
    error: Failure | None = None
