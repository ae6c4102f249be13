"""What was answered, kept in the database: for charts, and for what listeners say of it."""

import asyncio
import datetime as dt
import hashlib
import hmac
import json
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.database import Database
from sonica.platform.ids import new_id, time_of
from sonica.recognition.models import FeedbackRow, RecognitionRow
from sonica.recognition.once import Kept, Once, forget
from sonica.recognition.schemas import Answer

Source = Literal["fingerprint", "audio", "live"]
MONTHS_AHEAD = 3
"""Months whose partitions are there before they begin."""
NO_PARTITION = "23514"
"""What PostgreSQL says of a row for which there is none (a check violation)."""
LOCK = 0x50_4E_1C_A1
"""Of PostgreSQL's advisory locks: processes that make partitions take turns."""
TOGETHER = 256
"""Answers that are kept in one transaction, at most."""

Row = dict[str, Any]
Result = TypeVar("Result")
COLUMNS = ", ".join(RecognitionRow.__table__.columns.keys())
KEEP = f"""
INSERT INTO recognitions ({COLUMNS})
SELECT {COLUMNS} FROM json_populate_recordset(NULL::recognitions, CAST($1 AS text)::json)
ON CONFLICT DO NOTHING
"""  # noqa: S608  the names are those of the model
"""Keeps rows, however many, by one statement of one value: an array in JSON.

Its commit may have been heard of by nobody, and be tried again.
"""


@dataclass(frozen=True)
class _Waiting:
    """An answer that is not kept yet; `since`: by the monotonic clock."""

    row: Row
    since: float
    done: asyncio.Future[None]


class Records:
    """The recognitions and the feedback of a database. Used in one event loop.

    Answers that come while others are being kept are kept together, in one transaction after those: its
    cost, most of it waiting for the disk, is shared by all who ask at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def find(self, once: Once) -> Kept | None:
        """The answer that the request was given before. Raises KeyReusedError and DatabaseError."""
        return await self._database.run(once.find, is_one=True)

    async def keep(self, answer: Answer, source: Source, once: Once | None = None) -> Kept:
        """Keeps an answer that is no error; its id, and the token with which one may speak of it.

        With `once`, the answer that the same request was given meanwhile stands in its place. Raises
        DatabaseError and KeyReusedError.
        """
        id_ = new_id()
        token = once.token(id_) if once else secrets.token_urlsafe(16)
        row = _row(answer, source, id_, token)
        if once is None:
            await self._keep_with_others(row)
            return Kept(id_, token, answer)

        async def work(connection: AsyncConnection) -> Kept:
            while not await once.claim(connection, id_, answer):
                if found := await once.find(connection):
                    return replace(found, is_replayed=found.id != id_)
            await _insert(connection, [row])
            return Kept(id_, token, answer)

        return await self._in_partitions([row], work)

    async def judge(self, id_: uuid.UUID, token: str, *, is_right: bool, song_id: int | None) -> bool:
        """Keeps what a listener says of an answer, in place of what they said before.

        False where there is no such answer, or the token is that of another. Raises DatabaseError.
        """
        try:
            when = time_of(id_)
        except ValueError:
            return False
        found = select(RecognitionRow.token_hash).where(
            RecognitionRow.id == id_, RecognitionRow.created_at == when
        )
        said = {"is_right": is_right, "song_id": song_id, "created_at": dt.datetime.now(dt.UTC)}
        verdict = insert(FeedbackRow).values(recognition_id=id_, recognised_at=when, **said)
        verdict = verdict.on_conflict_do_update(index_elements=["recognition_id"], set_=said)

        async def work(connection: AsyncConnection) -> bool:
            kept = await connection.scalar(found)
            if kept is None or not hmac.compare_digest(kept, _hashed(token)):
                return False
            await connection.execute(verdict)
            return True

        return await self._database.run(work)

    async def make_partitions(self, today: dt.date) -> list[str]:
        """Makes those of this month and of MONTHS_AHEAD more; the names of those that were not there.

        Raises DatabaseError.
        """

        async def work(connection: AsyncConnection) -> list[str]:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            return [
                name
                for number in range(MONTHS_AHEAD + 1)
                if (name := await _make_partition(connection, today.year * 12 + today.month - 1 + number))
            ]

        return await self._database.run(work)

    async def forget(self) -> int:
        """Removes answers by keys that are older than a day; how many. Raises DatabaseError."""
        return await self._database.run(lambda connection: forget(connection, dt.datetime.now(dt.UTC)))

    async def _keep_with_others(self, row: Row) -> None:
        waiting = _Waiting(row, time.monotonic(), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await waiting.done

    async def _write(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                await self._write_together(together)
        finally:
            self._writer = None

    async def _write_together(self, together: Sequence[_Waiting]) -> None:
        """Keeps these, and tells each what came of it; none waits longer than the database is waited for."""
        rows = [one.row for one in together]
        patience = max(0.0, together[0].since + self._database.retry_s - time.monotonic())

        async def work(connection: AsyncConnection) -> None:
            await _insert(connection, rows)

        failure: Exception | None = None
        try:
            await self._in_partitions(rows, work, retry_s=patience, is_one=True)
        except DBAPIError as error:
            if len(together) > 1:  # one that cannot be kept is no harm to the others
                for one in together:
                    await self._write_together([one])
                return
            failure = error
        except Exception as error:  # noqa: BLE001  whoever waits is told
            failure = error
        for one in together:
            if one.done.done():  # nobody waits any more
                continue
            if failure is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(failure)

    async def _in_partitions(
        self,
        rows: Sequence[Row],
        work: Callable[[AsyncConnection], Awaitable[Result]],
        *,
        retry_s: float | None = None,
        is_one: bool = False,
    ) -> Result:
        """`work`, which inserts the rows; their partitions are made where nobody has for months."""
        try:
            return await self._database.run(work, retry_s=retry_s, is_one=is_one)
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) != NO_PARTITION:
                raise
            for day in {time_of(uuid.UUID(row["id"])).date().replace(day=1) for row in rows}:
                await self.make_partitions(day)
            return await self._database.run(work, retry_s=retry_s, is_one=is_one)


async def _insert(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    await connection.exec_driver_sql(KEEP, (json.dumps(rows),))


def _row(answer: Answer, source: Source, id_: uuid.UUID, token: str) -> Row:
    """As JSON has it."""
    took, song = answer.timings_ms, answer.song
    return {
        "id": str(id_),
        "created_at": time_of(id_).isoformat(),
        "source": source,
        "status": answer.status,
        "ambiguous": answer.ambiguous,
        "song_id": song.id if song else None,
        "recording_id": song.recording_id if song else None,
        "offset_s": answer.offset_s,
        "speed": answer.speed,
        "pitch_semitones": answer.pitch_semitones,
        "confidence": answer.confidence,
        "alternatives": [
            {"song_id": one.song.id, "recording_id": one.song.recording_id, "confidence": one.confidence}
            for one in answer.alternatives
        ],
        "decode_ms": took.decode,
        "fingerprint_ms": took.fingerprint,
        "search_ms": took.search,
        "token_hash": rf"\x{_hashed(token).hex()}",
    }


async def _make_partition(connection: AsyncConnection, month: int) -> str | None:
    """`month`: counted from the year 0."""
    first, after = (dt.date(number // 12, number % 12 + 1, 1) for number in (month, month + 1))
    name = f"recognitions_{first:%Y_%m}"
    if await connection.scalar(text("SELECT to_regclass(:name)"), {"name": name}):
        return None
    await connection.exec_driver_sql(
        f"CREATE TABLE {name} PARTITION OF recognitions"
        f" FOR VALUES FROM ('{first} 00:00+00') TO ('{after} 00:00+00')"
    )
    return name


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
