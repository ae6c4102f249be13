"""The database of songs, and who may change it: one writer at a time, whatever machine it is on."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Select, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.catalogue.errors import CatalogueError
from sonica.catalogue.journal import body
from sonica.catalogue.models import AlbumRow, ChangeRow, ExternalIdRow, PackRow, RecordingRow, SongRow
from sonica.catalogue.schemas import Commit
from sonica.catalogue.state import State
from sonica.catalogue.tables import ISRC, TOGETHER, News, news_of_all, plain, write
from sonica.platform.ids import new_id
from sonica.platform.shared import Transaction, shared_database

LOCK = 0x50_4E_1C_A2
"""Of PostgreSQL's advisory locks: writers take turns."""


class Session:
    """A transaction of the writer whose turn it is. What is written counts, all of it, with `commit`.

    All methods raise DatabaseError.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def last(self) -> int:
        """The number of the last change; 0 where there is none."""
        return self._rows(select(func.max(ChangeRow.sequence)))[0][0] or 0

    def changes(self, first: int) -> Iterator[tuple[int, Commit]]:
        """The changes from a number on, in their order. Raises CatalogueError (`newer`)."""
        rows: Sequence[Any] = [None] * TOGETHER
        while len(rows) == TOGETHER:
            those = select(ChangeRow.sequence, ChangeRow.body).where(ChangeRow.sequence >= first)
            rows = self._rows(those.order_by(ChangeRow.sequence).limit(TOGETHER))
            for row in rows:
                yield row.sequence, _commit(row.body)
                first = row.sequence + 1

    def knows(self, token: uuid.UUID) -> bool:
        """Whether the change that bore this token is there."""
        return bool(self._rows(select(ChangeRow.sequence).where(ChangeRow.token == token)))

    def write(self, sequence: int, commit: Commit, token: uuid.UUID, news: News) -> None:
        """Writes a change, by its number and its token, and what it means for the tables."""

        async def work(connection: AsyncConnection) -> None:
            await write(connection, news)
            await _keep(connection, sequence, [commit], token)

        self._transaction.run(work)

    def take_in(self, commits: Sequence[Commit], state: State) -> None:
        """Writes a whole history, and the state that it led to, into a database without songs."""

        async def work(connection: AsyncConnection) -> None:
            await write(connection, news_of_all(commits, state))
            await _keep(connection, 1, commits)

        self._transaction.run(work)

    def mend(self, state: State) -> None:
        """Writes all that the tables should hold of songs, recordings and packs anew."""
        news = replace(news_of_all([commit for _, commit in self.changes(1)], state), fingerprints={})

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(PackRow))
            await write(connection, news)

        self._transaction.run(work)

    def commit(self) -> None:
        """Makes all of it count. Where this raises DatabaseError it may count all the same: see `knows`."""
        self._transaction.commit()

    def differences(self, state: State) -> dict[str, int]:
        """How many songs, recordings and packs of the tables are other than in a state; none is well."""
        packs = {
            row.name: list(row.recordings) for row in self._rows(select(PackRow.name, PackRow.recordings))
        }
        found = {
            "songs": _unlike(self._songs(), {id_: _song(song) for id_, song in state.songs.items()}),
            "recordings": _unlike(
                self._recordings(), {id_: _recording(one) for id_, one in state.recordings.items()}
            ),
            "packs": _unlike(packs, {name: sorted(held) for name, held in state.packs.items()}),
        }
        return {what: count for what, count in found.items() if count}

    def _songs(self) -> dict[int, object]:
        columns = SongRow.__table__.c
        told = [columns[name] for name in ("title", "artist", "language", "genre", "year", "cover")]
        isrc = select(func.min(ExternalIdRow.value)).where(
            ExternalIdRow.song_id == SongRow.id, ExternalIdRow.kind == ISRC
        )
        wanted = select(SongRow.id, *told, AlbumRow.title, isrc.scalar_subquery())
        rows = self._rows(wanted.outerjoin(AlbumRow, SongRow.album_id == AlbumRow.id))
        return {row[0]: tuple(value or "" for value in row[1:]) for row in rows}

    def _recordings(self) -> dict[int, object]:
        columns = RecordingRow.__table__.c
        wanted = select(*(columns[name] for name in ("id", *RECORDING))).where(~RecordingRow.is_retired)
        return {row[0]: tuple(row[1:]) for row in self._rows(wanted)}

    def _rows(self, wanted: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        async def work(connection: AsyncConnection) -> Sequence[Any]:
            rows: Sequence[Any] = (await connection.execute(wanted)).all()
            return rows

        return self._transaction.run(work)


async def _keep(
    connection: AsyncConnection, first: int, commits: Iterable[Commit], token: uuid.UUID | None = None
) -> None:
    """Writes changes, numbered from `first` on."""
    rows = [
        {"sequence": sequence, "token": token or new_id(), "body": body(commit).decode()}
        for sequence, commit in enumerate(commits, first)
    ]
    for begin in range(0, len(rows), TOGETHER):
        await connection.execute(insert(ChangeRow), rows[begin : begin + TOGETHER])


def _commit(said: str) -> Commit:
    try:
        return Commit.model_validate_json(said)
    except ValidationError as error:
        message = "The songs in the database were changed by another version of Sonica."
        raise CatalogueError("newer", message, "Update Sonica.") from error


RECORDING = ("song_id", "path", "location", "content", "duration_s", "size", "mtime_ns", "original")


def _song(song: Any) -> object:
    names = ("title", "artist", "language", "genre", "year", "cover", "album", "isrc")
    return tuple(plain(getattr(song, name)) or "" for name in names)


def _recording(recording: Any) -> object:
    return tuple(plain(getattr(recording, name)) for name in RECORDING)


def _unlike(rows: dict[Any, Any], wanted: dict[Any, Any]) -> int:
    return sum(rows.get(key) != wanted.get(key) for key in rows.keys() | wanted.keys())


def warm(home: Path) -> None:
    """Opens the database that is used with a data folder; errors come with `session`."""
    shared_database(home).warm()


@contextmanager
def session(home: Path) -> Iterator[Session]:
    """The database that is used with a data folder, once it is this writer's turn.

    Raises DatabaseError, PostgresError and SettingsError.
    """

    async def wait(connection: AsyncConnection) -> None:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})

    with shared_database(home).transaction() as transaction:
        transaction.run(wait)
        yield Session(transaction)
