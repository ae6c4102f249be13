"""Keys of those who run the service, for programs and scripts of theirs.

A key is `sonica_ID_SECRET`. The secret is 256 random bits, so one round of SHA-256 keeps it: there is nothing
to guess that a slow hash would make slower.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.database import Database
from sonica.platform.models import AdminKeyRow

Right = Literal["songs", "packs", "ingest"]
RIGHTS: tuple[Right, ...] = get_args(Right)
MARK = "sonica"
NOBODY = bytes(32)
"""Compared with where there is no such key, so that this takes as long."""


class AdminKey(BaseModel):
    """A key as it may be shown. `may`: what it is good for; `revoked_at`: since when for nothing."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    name: str = Field(description="What it is for, as whoever made it says.")
    may: tuple[Right, ...]
    created_at: dt.datetime
    revoked_at: dt.datetime | None


class Admins:
    """The keys in a database. All methods raise DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(self, name: str, may: Sequence[Right] = RIGHTS) -> tuple[AdminKey, str]:
        """A new key, and the text that has its secret: nothing can tell it again."""
        id_, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        key = AdminKey(id=id_, name=name, may=tuple(may), created_at=dt.datetime.now(dt.UTC), revoked_at=None)
        row = insert(AdminKeyRow).values(**key.model_dump(), secret_hash=_hashed(secret))
        await self._run(row.on_conflict_do_nothing())
        return key, f"{MARK}_{id_}_{secret}"

    async def all(self) -> list[AdminKey]:
        """Every key, the newest last; also those that are good for nothing any more."""

        async def work(connection: AsyncConnection) -> list[AdminKey]:
            found = await connection.execute(select(AdminKeyRow).order_by(AdminKeyRow.created_at))
            return [AdminKey.model_validate(row) for row in found]

        return await self._database.run(work)

    async def revoke(self, id_: str) -> bool:
        """Has a key be good for nothing from now on; False where there is none of that id."""
        now = dt.datetime.now(dt.UTC)
        wanted = AdminKeyRow.id == id_
        await self._run(
            update(AdminKeyRow).where(wanted, AdminKeyRow.revoked_at.is_(None)).values(revoked_at=now)
        )
        return any(key.id == id_ for key in await self.all())

    async def check(self, text: str) -> AdminKey | None:
        """The key that a text is, unless it is none or was revoked; which of these cannot be told by time."""
        mark, _, rest = text.partition("_")
        id_, _, secret = rest.partition("_")

        async def work(connection: AsyncConnection) -> AdminKey | None:
            wanted = select(AdminKeyRow).where(AdminKeyRow.id == id_)
            row = (await connection.execute(wanted)).one_or_none()
            is_right = hmac.compare_digest(_hashed(secret), row.secret_hash if row else NOBODY)
            if row is None or not is_right or mark != MARK or row.revoked_at is not None:
                return None
            return AdminKey.model_validate(row)

        if "\0" in text:  # which PostgreSQL has no text with
            return None
        return await self._database.run(work)

    async def _run(self, statement: object) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(statement)  # type: ignore[call-overload]

        await self._database.run(work)


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
