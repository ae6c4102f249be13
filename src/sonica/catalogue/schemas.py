"""What the catalogue knows of a song, and one change to it.

A *song* is what a listener wants to be told; a *recording* is one file that it was heard in. Ids
are counted up from 1 and never used again.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from sonica.platform.failures import Failure


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class About(_Frozen):
    """What people call a song; empty strings and 0 where nobody said.

    `language` is a tag of BCP 47 (`hi`, `bho`), `isrc` twelve characters (ISO 3901).
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    language: str = ""
    genre: str = ""
    year: int = 0
    isrc: str = ""


class Song(About):
    """A song. `cover`: the name of an image in the data folder, where one came with a file."""

    id: int
    cover: str = ""

    def about(self) -> About:
        """What it is called, whichever song it is."""
        return About.model_validate(self.model_dump(include=set(About.model_fields)))


class Recording(_Frozen):
    """A file that was added.

    `path` as it was given, `location` absolute, `content` its hash, `size` in bytes and `mtime_ns`
    when it was last changed: by these three an unchanged file is known without being read.
    `original`: its copy in the data folder, where one was made. `about`: what it calls itself.
    """

    id: int
    song_id: int
    path: str
    location: str
    content: str
    duration_s: float
    size: int = 0
    mtime_ns: int = 0
    original: str = ""
    about: About | None = None


class Entry(_Frozen):
    """A recording and the song it is of."""

    song: Song
    recording: Recording


class SongEntry(_Frozen):
    """A song, all recordings of it, and what these share with others and among themselves."""

    song: Song
    recordings: tuple[Recording, ...]
    links: "tuple[Link, ...]" = ()


class Link(_Frozen):
    """What was found out about two recordings, the first of which came later.

    `same`: one recording, twice; `related`: they share a part; `different`: somebody said so, whatever
    they share. `share`: how much of the longer one lies along the other; second `x` of the first is
    second `offset_s + speed · x` of the second.
    """

    recordings: tuple[int, int]
    kind: Literal["same", "related", "different"]
    share: float = 0.0
    offset_s: float = 0.0
    speed: float = 1.0


class Commit(_Frozen):
    """One change of the catalogue, which happens as a whole or not at all.

    The new `pack`, if there is one, takes the place of those that it `replaces`: it holds all that
    they held but the `dropped` recordings, the new ones, and those that it `adopts` since no pack held
    them. `songs`, `recordings` and `links` are new, or take the place of what had the same ids.
    `retired` recordings are no longer known; packs may hold them for a while.
    """

    version: Literal[2] = 2
    pack: str | None = None
    replaces: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()
    adopts: tuple[int, ...] = ()
    songs: tuple[Song, ...] = ()
    recordings: tuple[Recording, ...] = ()
    retired: tuple[int, ...] = ()
    links: tuple[Link, ...] = ()


Outcome = Literal["added", "known", "updated", "error"]


class Added(_Frozen):
    """What became of one file.

    `added`; `known`: there already, unchanged; `updated`: there already, the same song, but the file
    or what somebody says of it has changed; `error`. `links` says what it shares with others: with
    `same` among them it is a recording of the other's song.
    """

    file: str
    status: Outcome
    entry: Entry | None = None
    links: tuple[Link, ...] = ()
    error: Failure | None = None
