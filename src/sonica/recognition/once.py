"""A request with a key is answered once: who asks again with the key, not having heard, gets the same answer.

Of the key and of what was asked only hashes are kept, the second one keyed with the first: nobody else can
tell two requests for the same sound. The token for feedback follows from the key, so it need not
be kept.
"""

import base64
import datetime as dt
import hashlib
import hmac
import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.errors import SonicaError
from sonica.recognition.models import KeyRow
from sonica.recognition.schemas import Answer

KEPT = dt.timedelta(hours=24)
"""For how long at least the answer to a key is kept."""


class KeyReusedError(SonicaError):
    """Codes: `key_reused`: the key came with another request before."""


@dataclass(frozen=True)
class Kept:
    """An answer under its id, with the token for feedback; `is_replayed`: it was given before."""

    id: uuid.UUID
    token: str
    answer: Answer
    is_replayed: bool = False


class Once:
    """A request that has a key. `asked`: SHA-256 of all that makes its answer."""

    def __init__(self, key: str, asked: bytes) -> None:
        self._key = key.encode()
        self.key_hash = hashlib.sha256(b"sonica key\0" + self._key).digest()
        self.request_hash = self._keyed(b"request\0" + asked)

    def token(self, id_: uuid.UUID) -> str:
        """For feedback on the answer of that id: only who knows the key can tell it."""
        return base64.urlsafe_b64encode(self._keyed(b"token\0" + id_.bytes)[:16]).decode().rstrip("=")

    async def find(self, connection: AsyncConnection) -> Kept | None:
        """The answer that was given before. Raises KeyReusedError."""
        row = (await connection.execute(select(KeyRow).where(KeyRow.key_hash == self.key_hash))).one_or_none()
        if row is None:
            return None
        if not hmac.compare_digest(row.request_hash, self.request_hash):
            said = "This key came with another request before."
            raise KeyReusedError("key_reused", said, "Give every request a key of its own.")
        id_ = row.recognition_id
        return Kept(id_, self.token(id_), Answer.model_validate(row.answer), is_replayed=True)

    async def claim(self, connection: AsyncConnection, id_: uuid.UUID, answer: Answer) -> bool:
        """Keeps the answer for the key; False where there is one, maybe of the same moment."""
        row = insert(KeyRow).values(
            key_hash=self.key_hash,
            request_hash=self.request_hash,
            recognition_id=id_,
            answer=answer.model_copy(update={"file": ""}).model_dump(mode="json"),
            created_at=dt.datetime.now(dt.UTC),
        )
        claimed = row.on_conflict_do_nothing().returning(KeyRow.key_hash)
        return await connection.scalar(claimed) is not None

    def _keyed(self, what: bytes) -> bytes:
        return hmac.digest(self._key, what, "sha256")


async def forget(connection: AsyncConnection, now: dt.datetime) -> int:
    """Removes what is older than KEPT; how many answers that were."""
    return (await connection.execute(delete(KeyRow).where(KeyRow.created_at < now - KEPT))).rowcount
