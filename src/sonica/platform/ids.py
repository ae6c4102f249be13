"""Names that say when they were given and cannot be guessed: UUID version 7 (RFC 9562)."""

import datetime as dt
import secrets
import time
import uuid


def new_id(milliseconds: int | None = None) -> uuid.UUID:
    """An id of now, or of so many milliseconds after 1970; 74 of its bits are random."""
    when = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    bits = when << 80 | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | 7 << 76
    return uuid.UUID(int=bits & ~(3 << 62) | 2 << 62)


def time_of(id_: uuid.UUID) -> dt.datetime:
    """When an id was given, to the millisecond. Raises ValueError for what `new_id` did not give."""
    if id_.version != 7:
        raise ValueError("an id of another kind")
    try:
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=id_.int >> 80)
    except OverflowError:
        raise ValueError("an id of no time") from None
