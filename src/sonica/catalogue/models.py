"""The tables of songs. Ids are given out by the catalogue, one after the other; none is used again."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonica.platform.database import Base

PREFIX = "text_pattern_ops"
"""What makes an index of texts find them by how they begin, whatever the locale."""


class ArtistRow(Base):
    """A singer or a band, by name. `key`: the name without case and accents, as it is searched for."""

    __tablename__ = "artists"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    key: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("artists_key", "key", postgresql_ops={"key": PREFIX}),)


class AlbumRow(Base):
    """An album or a film, by title."""

    __tablename__ = "albums"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    title: Mapped[str] = mapped_column(Text, unique=True)


class SongRow(Base):
    """A song; texts are empty, and `year` is 0, where nobody said. `cover`: an image in the data folder.

    `artist` is all that stands on the record; `song_artists` takes it apart. `*_key`: as in `ArtistRow`.
    """

    __tablename__ = "songs"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    artist: Mapped[str] = mapped_column(Text)
    album_id: Mapped[int | None] = mapped_column(ForeignKey("albums.id"))
    language: Mapped[str] = mapped_column(Text)
    genre: Mapped[str] = mapped_column(Text)
    year: Mapped[int]
    cover: Mapped[str] = mapped_column(Text)
    title_key: Mapped[str] = mapped_column(Text)
    artist_key: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("songs_title_key", "title_key", postgresql_ops={"title_key": PREFIX}),
        Index("songs_artist_key", "artist_key", postgresql_ops={"artist_key": PREFIX}),
        Index("songs_language", "language", "genre", "year"),
        Index("songs_album", "album_id"),
    )


class SongArtistRow(Base):
    """That somebody is on a song; `place` counts from 0."""

    __tablename__ = "song_artists"

    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"))

    __table_args__ = (Index("song_artists_artist", "artist_id"),)


class ExternalIdRow(Base):
    """What others call a song: `kind` is `isrc`, or the name of a service."""

    __tablename__ = "external_ids"

    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (Index("external_ids_value", "kind", "value"),)


class RecordingRow(Base):
    """A file that was added: as in `Recording`. A retired one stays, so that its bytes keep their song."""

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id"))
    path: Mapped[str] = mapped_column(Text)
    location: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    duration_s: Mapped[float]
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    original: Mapped[str] = mapped_column(Text)
    about: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    is_retired: Mapped[bool]

    __table_args__ = (
        Index("recordings_song", "song_id"),
        Index("recordings_content", "content"),
    )


class LinkRow(Base):
    """What two recordings have in common: as in `Link`. `is_turned`: `high_id` stands first there."""

    __tablename__ = "recording_links"

    low_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    is_turned: Mapped[bool]
    kind: Mapped[str] = mapped_column(Text)
    share: Mapped[float]
    offset_s: Mapped[float]
    speed: Mapped[float]

    __table_args__ = (Index("recording_links_high", "high_id"),)


class FingerprintRow(Base):
    """Where the fingerprint of a recording is: its name in the store, bytes, and BLAKE2b hash (128 bits).

    `size` 0 and an empty `hash`: not known, since it was kept before there was this table.
    """

    __tablename__ = "fingerprints"

    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(Text)


class PackRow(Base):
    """A pack that is searched. `recordings`: the ids in it, of which so many are `absent`: retired.

    `state`: `current`, or `stale` where some of them are now of other songs than the pack says.
    """

    __tablename__ = "packs"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    recordings: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    absent: Mapped[int]
    state: Mapped[str] = mapped_column(Text)


class ChangeRow(Base):
    """A change of all these, in their order, without gaps: the outbox from which feeds are written.

    `body`: the change as JSON (`Commit`); `token`: by which a writer knows its own again.
    """

    __tablename__ = "changes"

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    token: Mapped[uuid.UUID] = mapped_column(unique=True)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), default=func.now()
    )
