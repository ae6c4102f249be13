"""Changes of the catalogue as rows of its tables: many songs by a few statements."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, any_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.catalogue.archive import Archive
from sonica.catalogue.browse import folded
from sonica.catalogue.models import (
    AlbumRow,
    ArtistRow,
    ExternalIdRow,
    FingerprintRow,
    LinkRow,
    PackRow,
    RecordingRow,
    SongArtistRow,
    SongRow,
)
from sonica.catalogue.schemas import Commit, Link, Recording, Song
from sonica.catalogue.state import State
from sonica.platform.database import Base

Row = dict[str, Any]
TOGETHER = 5_000
"""Rows that are sent to the database at a time."""
ISRC = "isrc"
_SEVERAL = re.compile(r"\s*[;,]\s*|\s+(?:feat\.?|ft\.?|featuring)\s+", re.IGNORECASE)
"""What stands between two names of artists in one text."""


@dataclass
class News:
    """What is to be written: rows that are new or replaced, and ids of what is gone.

    `packs`: those that are new or hold other recordings, with the ids in them; `moved`: recordings that are
    now of another song than the packs say that hold them.
    """

    songs: Iterable[Song] = ()
    recordings: Iterable[Recording] = ()
    retired: set[int] = field(default_factory=set)
    links: Iterable[Link] = ()
    fingerprints: Mapping[int, bytes] = field(default_factory=dict)
    packs: Mapping[str, Iterable[int]] = field(default_factory=dict)
    gone_packs: Iterable[str] = ()
    moved: set[int] = field(default_factory=set)


def news_of(commit: Commit, state: State, fingerprints: Mapping[int, bytes]) -> News:
    """What one change means for the tables; `state`: before it, `fingerprints`: those of new recordings."""
    known = state.recordings
    return News(
        songs=commit.songs,
        recordings=commit.recordings,
        retired=set(commit.retired),
        links=commit.links,
        fingerprints=fingerprints,
        packs={commit.pack: state.held(commit)} if commit.pack else {},
        gone_packs=commit.replaces,
        moved={r.id for r in commit.recordings if r.id in known and known[r.id].song_id != r.song_id},
    )


def news_of_all(commits: Iterable[Commit], state: State) -> News:
    """What a whole history means for empty tables; `state`: after it."""
    recordings = {recording.id: recording for commit in commits for recording in commit.recordings}
    return News(
        songs=state.songs.values(),
        recordings=recordings.values(),
        retired=recordings.keys() - state.recordings.keys(),
        links=state.links(),
        fingerprints=dict.fromkeys(state.recordings, b""),
        packs=state.packs,
        moved=state.stale,
    )


async def write(connection: AsyncConnection, news: News) -> None:
    """Writes them. Raises DatabaseError."""
    await _write_songs(connection, list(news.songs))
    await _put(connection, RecordingRow, [_recording(one) for one in news.recordings])
    if news.retired:
        await _retire(connection, sorted(news.retired))
    await _put(connection, LinkRow, [_link(one) for one in news.links])
    await _put(connection, FingerprintRow, [_fingerprint(*one) for one in news.fingerprints.items()])
    if gone := list(news.gone_packs):
        await connection.execute(delete(PackRow).where(PackRow.name.in_(gone)))
    packs = [
        {"name": name, "recordings": sorted(held), "absent": 0, "state": "current"}
        for name, held in news.packs.items()
    ]
    await _put(connection, PackRow, packs)
    if packs or news.retired:
        count = select(func.count()).where(RecordingRow.id == any_(PackRow.recordings))
        count = count.where(RecordingRow.is_retired)
        is_touched = or_(
            PackRow.name.in_([pack["name"] for pack in packs]),
            PackRow.recordings.overlap(_ids(news.retired)),
        )
        await connection.execute(update(PackRow).where(is_touched).values(absent=count.scalar_subquery()))
    if news.moved:
        holds = PackRow.recordings.overlap(_ids(news.moved))
        await connection.execute(update(PackRow).where(holds).values(state="stale"))


def _ids(ids: Iterable[int]) -> Any:
    return bindparam(None, sorted(ids), ARRAY(BigInteger))


async def _put(connection: AsyncConnection, table: type[Base], rows: Sequence[Row]) -> None:
    """Inserts rows, in place of those with the same primary key."""
    keys = [column.name for column in table.__table__.primary_key.columns]  # type: ignore[attr-defined]
    statement = insert(table)
    if rows and (others := {name: statement.excluded[name] for name in rows[0] if name not in keys}):
        statement = statement.on_conflict_do_update(index_elements=keys, set_=others)
    for part in _parts(rows):
        await connection.execute(statement, part)


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for begin in range(0, len(rows), TOGETHER):
        yield rows[begin : begin + TOGETHER]


async def _write_songs(connection: AsyncConnection, songs: Sequence[Song]) -> None:
    for begin in range(0, len(songs), TOGETHER):
        part = songs[begin : begin + TOGETHER]
        albums = await _named(connection, AlbumRow.title, {plain(song.album) for song in part} - {""})
        names = {song.id: artists_of(plain(song.artist)) for song in part}
        artists = await _named(connection, ArtistRow.name, {name for many in names.values() for name in many})
        await _put(connection, SongRow, [_song(song, albums) for song in part])
        ids = {"ids": [song.id for song in part]}
        those = any_(bindparam("ids", type_=ARRAY(BigInteger)))
        await connection.execute(delete(SongArtistRow).where(SongArtistRow.song_id == those), ids)
        is_isrc = ExternalIdRow.kind == ISRC
        await connection.execute(delete(ExternalIdRow).where(ExternalIdRow.song_id == those, is_isrc), ids)
        on = [
            {"song_id": id_, "place": place, "artist_id": artists[name]}
            for id_, many in names.items()
            for place, name in enumerate(many)
        ]
        await _put(connection, SongArtistRow, on)
        codes = [{"song_id": song.id, "kind": ISRC, "value": plain(song.isrc)} for song in part if song.isrc]
        await _put(connection, ExternalIdRow, codes)


async def _named(connection: AsyncConnection, column: Any, names: set[str]) -> dict[str, int]:
    """The ids of artists or albums by their names; those that are not there yet are made."""
    if not names:
        return {}
    table, ordered = column.class_, sorted(names)
    rows: list[Row] = [{column.key: name} for name in ordered]
    if table is ArtistRow:
        rows = [{**row, "key": folded(row["name"])} for row in rows]
    await connection.execute(insert(table).on_conflict_do_nothing(), rows)
    found = await connection.execute(select(column, table.id).where(column.in_(ordered)))
    return {row[0]: row[1] for row in found}


async def _retire(connection: AsyncConnection, ids: list[int]) -> None:
    those = {"ids": ids}
    any_of = any_(bindparam("ids", type_=ARRAY(BigInteger)))
    await connection.execute(
        update(RecordingRow).where(RecordingRow.id == any_of).values(is_retired=True), those
    )
    await connection.execute(
        delete(LinkRow).where(or_(LinkRow.low_id == any_of, LinkRow.high_id == any_of)), those
    )
    await connection.execute(delete(FingerprintRow).where(FingerprintRow.recording_id == any_of), those)


def _song(song: Song, albums: Mapping[str, int]) -> Row:
    return {
        "id": song.id,
        "title": plain(song.title),
        "artist": plain(song.artist),
        "album_id": albums.get(plain(song.album)),
        "language": plain(song.language),
        "genre": plain(song.genre),
        "year": song.year,
        "cover": song.cover,
        "title_key": folded(song.title),
        "artist_key": folded(song.artist),
    }


def _recording(recording: Recording) -> Row:
    about = recording.about
    return {
        "id": recording.id,
        "song_id": recording.song_id,
        "path": plain(recording.path),
        "location": plain(recording.location),
        "content": recording.content,
        "duration_s": recording.duration_s,
        "size": recording.size,
        "mtime_ns": recording.mtime_ns,
        "original": plain(recording.original),
        "about": {name: plain(value) for name, value in about.model_dump().items()} if about else None,
        "is_retired": False,
    }


def _link(link: Link) -> Row:
    low, high = sorted(link.recordings)
    return {
        "low_id": low,
        "high_id": high,
        "is_turned": link.recordings != (low, high),
        "kind": link.kind,
        "share": link.share,
        "offset_s": link.offset_s,
        "speed": link.speed,
    }


def _fingerprint(recording_id: int, fingerprint: bytes) -> Row:
    digest = hashlib.blake2b(fingerprint, digest_size=16).hexdigest() if fingerprint else ""
    name = Archive.name(recording_id)
    return {"recording_id": recording_id, "name": name, "size": len(fingerprint), "hash": digest}


def plain(value: Any) -> Any:
    """A text without the one character that PostgreSQL takes in none; anything else as it is."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def artists_of(artist: str) -> list[str]:
    """The names in what stands on a record, each once."""
    return list(dict.fromkeys(name for part in _SEVERAL.split(artist) if (name := part.strip())))
