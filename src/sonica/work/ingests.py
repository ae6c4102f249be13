"""Music that is being added, as the database has it: what was asked for, how far it is, and by whom."""

import datetime as dt
import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.catalogue import Added, Found
from sonica.platform.database import Database
from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure
from sonica.platform.files import shown_path
from sonica.platform.ids import new_id
from sonica.work.models import IngestFileRow, IngestRow

Kind = Literal["upload", "folder", "manifest", "prefix"]
State = Literal["queued", "running", "paused", "cancelled", "done", "failed"]
Status = Literal["waiting", "added", "known", "updated", "error"]

OPEN = ("queued", "running")
LEASE = dt.timedelta(seconds=12)
"""For how long whoever works on an ingest is believed to be alive."""
TOGETHER = 1000
"""Rows that are written at a time."""


class Counts(BaseModel):
    """How many files there are of each status."""

    waiting: int = 0
    added: int = 0
    known: int = Field(default=0, description="There already, unchanged.")
    updated: int = Field(
        default=0, description="There already; the file, or what is said of it, has changed."
    )
    error: int = 0


class Ingest(BaseModel):
    """Music that is being added. `total`: files, null until they have been listed."""

    id: uuid.UUID
    kind: Kind
    place: str = Field(description="The folder, manifest or prefix, or the name of the file that was sent.")
    state: State
    error: Failure | None = Field(description="Why it failed as a whole; while it runs, what it waits for.")
    total: int | None
    counts: Counts
    created_at: dt.datetime
    ended_at: dt.datetime | None


class IngestFile(BaseModel):
    """What became of one file."""

    number: int
    file: str
    status: Status
    song_id: int | None
    recording_id: int | None
    error: Failure | None


class Waiting(NamedTuple):
    """A file to add next."""

    number: int
    found: Found


class Ingests:
    """The ingests in a database. All methods raise DatabaseError, and may be tried again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        kind: Kind,
        place: str,
        *,
        dedupe: bool,
        keep: bool,
        id_: uuid.UUID | None = None,
        file: Path | None = None,
    ) -> uuid.UUID:
        """A new one, which nobody works on yet; `file`: the one that it is of, where there is but one."""
        row = {"kind": kind, "place": place, "dedupe": dedupe, "keep": keep, "state": "queued"}
        row |= {"code": "", "message": ""}
        made = id_ or new_id()
        files = [_row(made, 0, Found(file))] if file else []

        async def work(connection: AsyncConnection) -> None:
            total = len(files) or None
            new = insert(IngestRow).values(id=made, **row, total=total, created_at=func.now())
            await connection.execute(new.on_conflict_do_nothing())
            if files:
                await connection.execute(insert(IngestFileRow).on_conflict_do_nothing(), files)

        await self._database.run(work)
        return made

    async def find(self, id_: uuid.UUID) -> Ingest | None:
        """One of them."""
        return await self._database.run(lambda connection: _find(connection, id_))

    async def newest(self, most: int, before: uuid.UUID | None = None) -> list[Ingest]:
        """The last ones, the newest first; `before`: only those that are older than this one."""

        async def work(connection: AsyncConnection) -> list[Ingest]:
            wanted = select(IngestRow.id).order_by(IngestRow.id.desc()).limit(most)
            ids = await connection.scalars(wanted.where(IngestRow.id < before) if before else wanted)
            found = [await _find(connection, id_) for id_ in ids]
            return [one for one in found if one]

        return await self._database.run(work)

    async def files(self, id_: uuid.UUID, status: Status | None, after: int, most: int) -> list[IngestFile]:
        """What became of its files, by number."""
        wanted = select(IngestFileRow).where(IngestFileRow.ingest_id == id_, IngestFileRow.number > after)
        wanted = wanted.where(IngestFileRow.status == status) if status else wanted

        async def work(connection: AsyncConnection) -> list[IngestFile]:
            rows = await connection.execute(wanted.order_by(IngestFileRow.number).limit(most))
            return [_file(row) for row in rows]

        return await self._database.run(work)

    async def move(self, id_: uuid.UUID, to: State, of: Sequence[State]) -> bool:
        """Gives one another state, where it has one of these; False where it has not."""
        said: dict[str, Any] = {"state": to, "code": "", "message": ""}
        said["ended_at"] = None if to in {*OPEN, "paused"} else func.now()
        change = update(IngestRow).where(IngestRow.id == id_, IngestRow.state.in_(of)).values(**said)

        async def work(connection: AsyncConnection) -> bool:
            return bool((await connection.execute(change)).rowcount)

        return await self._database.run(work)

    async def left_alone(self, since: dt.timedelta) -> list[uuid.UUID]:
        """Those that somebody should be at work on, and nobody has been for so long."""
        long_ago = func.now() - since
        wanted = select(IngestRow.id).where(
            IngestRow.state.in_(OPEN),
            IngestRow.created_at < long_ago,
            or_(IngestRow.leased_until.is_(None), IngestRow.leased_until < long_ago),
        )

        async def work(connection: AsyncConnection) -> list[uuid.UUID]:
            return list(await connection.scalars(wanted))

        return await self._database.run(work)

    # --- for who works on it, alone -----------------------------------------------------------------

    async def lease(self, id_: uuid.UUID, me: uuid.UUID) -> Any:
        """Its row, now that `me` works on it; None where somebody else does, or nobody should."""
        is_free = or_(IngestRow.runner.is_(None), IngestRow.runner == me, IngestRow.leased_until < func.now())
        mine = (
            update(IngestRow)
            .where(IngestRow.id == id_, IngestRow.state.in_(OPEN), is_free)
            .values(runner=me, leased_until=func.now() + LEASE, state="running")
            .returning(IngestRow)
        )

        async def work(connection: AsyncConnection) -> Any:
            return (await connection.execute(mine)).one_or_none()

        return await self._database.run(work)

    async def renew(self, id_: uuid.UUID, me: uuid.UUID) -> None:
        """Puts the end of the lease off."""
        await self._mine(id_, me, leased_until=func.now() + LEASE)

    async def release(self, id_: uuid.UUID, me: uuid.UUID) -> None:
        """Lets another have it at once."""
        await self._mine(id_, me, runner=None, leased_until=None)

    async def fail(self, id_: uuid.UUID, me: uuid.UUID, error: Failure) -> None:
        """It cannot go on as a whole; it may be resumed."""
        said = {"state": "failed", "code": error.code, "message": error.message, "ended_at": func.now()}
        await self._mine(id_, me, OPEN, **said)

    async def wait(self, id_: uuid.UUID, me: uuid.UUID, error: Failure) -> None:
        """Says what it waits for; until files are kept again."""
        await self._mine(id_, me, OPEN, code=error.code, message=error.message)

    async def put_files(self, id_: uuid.UUID, me: uuid.UUID, found: Sequence[Found]) -> None:
        """Keeps which files there are: all of them, or none."""
        rows = [_row(id_, number, one) for number, one in enumerate(found)]
        at_work = update(IngestRow).where(IngestRow.id == id_).values(code="", message="")

        async def work(connection: AsyncConnection) -> None:
            if await _is_mine(connection, id_, me):
                for start in range(0, len(rows), TOGETHER):
                    put = insert(IngestFileRow).on_conflict_do_nothing()
                    await connection.execute(put, rows[start : start + TOGETHER])
                await connection.execute(at_work.values(total=len(rows)))

        await self._database.run(work)

    async def take(self, id_: uuid.UUID, me: uuid.UUID, most: int) -> Sequence[Waiting]:
        """The next files; none where it is not to go on, or not with `me`. With the last one it is done."""
        wanted = (
            select(IngestFileRow)
            .where(IngestFileRow.ingest_id == id_, IngestFileRow.status == "waiting")
            .order_by(IngestFileRow.number)
            .limit(most)
        )

        async def work(connection: AsyncConnection) -> Sequence[Waiting]:
            if not await _is_mine(connection, id_, me, "running"):
                return []
            rows = (await connection.execute(wanted)).all()
            if not rows:
                done = update(IngestRow).where(IngestRow.id == id_)
                await connection.execute(done.values(state="done", ended_at=func.now()))
            return [Waiting(row.number, _found(row)) for row in rows]

        return await self._database.run(work)

    async def keep(self, id_: uuid.UUID, me: uuid.UUID, outcomes: Sequence[tuple[int, Added]]) -> None:
        """Keeps what became of files; nothing where somebody else works on it by now."""

        async def work(connection: AsyncConnection) -> None:
            if not await _is_mine(connection, id_, me):
                return
            at_work = update(IngestRow).where(IngestRow.id == id_, IngestRow.state == "running")
            await connection.execute(at_work.values(code="", message=""))
            for number, outcome in outcomes:
                row = (IngestFileRow.ingest_id == id_, IngestFileRow.number == number)
                await connection.execute(update(IngestFileRow).where(*row).values(**_outcome(outcome)))

        await self._database.run(work)

    async def _mine(self, id_: uuid.UUID, me: uuid.UUID, of: Sequence[str] = (), **said: Any) -> None:
        """Says something of it where `me` works on it; `of`: only in one of these states."""
        change = update(IngestRow).where(IngestRow.id == id_, IngestRow.runner == me).values(**said)
        change = change.where(IngestRow.state.in_(of)) if of else change

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(change)

        await self._database.run(work)


async def _is_mine(connection: AsyncConnection, id_: uuid.UUID, me: uuid.UUID, state: str = "") -> bool:
    """Whether `me` works on it; it stays so, and in its state, until the end of the transaction."""
    held = select(IngestRow.runner, IngestRow.state).where(IngestRow.id == id_).with_for_update()
    row = (await connection.execute(held)).one_or_none()
    return row is not None and row.runner == me and state in {"", row.state}


async def _find(connection: AsyncConnection, id_: uuid.UUID) -> Ingest | None:
    row = (await connection.execute(select(IngestRow).where(IngestRow.id == id_))).one_or_none()
    if row is None:
        return None
    files = select(IngestFileRow.status, func.count().label("files")).where(IngestFileRow.ingest_id == id_)
    counts = {one.status: one.files for one in await connection.execute(files.group_by(IngestFileRow.status))}
    return Ingest(
        id=row.id,
        kind=row.kind,
        place=row.place,
        state=row.state,
        error=Failure(code=row.code, message=row.message) if row.code else None,
        total=row.total,
        counts=Counts(**counts),
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


def _found(row: Any) -> Found:
    name = os.fsdecode(row.path)
    return Found(Path(name), said=row.said, at="" if name.startswith("/") else name)


def _row(id_: uuid.UUID, number: int, found: Found) -> dict[str, Any]:
    problem: SonicaError | None = found.problem
    return {
        "ingest_id": id_,
        "number": number,
        "path": os.fsencode(found.at or found.path),
        "said": dict(found.said),
        "status": "error" if problem else "waiting",
        "code": problem.code if problem else "",
        "message": problem.message if problem else "",
    }


def _outcome(outcome: Added) -> dict[str, Any]:
    entry, error = outcome.entry, outcome.error
    return {
        "status": outcome.status,
        "song_id": entry.song.id if entry else None,
        "recording_id": entry.recording.id if entry else None,
        "code": error.code if error else "",
        "message": error.message if error else "",
    }


def _file(row: Any) -> IngestFile:
    return IngestFile(
        number=row.number,
        file=shown_path(os.fsdecode(row.path)),
        status=row.status,
        song_id=row.song_id,
        recording_id=row.recording_id,
        error=Failure(code=row.code, message=row.message) if row.status == "error" else None,
    )
