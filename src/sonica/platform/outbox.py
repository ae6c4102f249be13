"""What happened and has still to be told, on disk: a process that is killed at any moment loses none of it.

A file of SQLite, for a program that needs no database. Each event has its own id and is kept until every
place that it is meant for has it; what the program remembers changes together with the event.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from sonica.platform.errors import SonicaError

MOST = 100_000
"""Events that wait for one place; beyond that the oldest is given up."""
BUSY_S = 30.0
"""Seconds that another thread may take to write."""

_TABLES = """
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS due (
    place TEXT NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL, tries INTEGER NOT NULL,
    PRIMARY KEY (place, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS due_seq ON due (seq);
CREATE TABLE IF NOT EXISTS memory (one INTEGER PRIMARY KEY CHECK (one = 1), said TEXT NOT NULL);
"""


class OutboxError(SonicaError):
    """Codes: `outbox_unusable`."""


class Waiting(NamedTuple):
    """An event that a place does not have yet; `tries`: how often it was offered."""

    seq: int
    id: str
    body: str
    tries: int


class Outbox:
    """The outbox in a file, made where there is none. One for each thread. All of it raises OutboxError."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._telling():
            self._base = sqlite3.connect(file, timeout=BUSY_S, isolation_level=None)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.executescript(_TABLES)

    def put(self, id_: str, body: str, places: Sequence[str], memory: str) -> int:
        """Keeps an event for each of the places, and what is to be remembered, both or neither.

        How many old ones were given up, since too many wait.
        """
        given_up = 0
        with self._change():
            self._remember(memory)
            if not places:
                return 0
            seq = self._base.execute("INSERT INTO event (id, body) VALUES (?, ?)", (id_, body)).lastrowid
            for place in places:
                self._base.execute("INSERT INTO due VALUES (?, ?, 0, 0)", (place, seq))
                too_many = self._count(place) - MOST
                if too_many > 0:
                    oldest = self._base.execute(
                        "SELECT seq FROM due WHERE place = ? ORDER BY seq LIMIT ?", (place, too_many)
                    ).fetchall()
                    for (old,) in oldest:
                        self._take_away(place, old)
                    given_up += len(oldest)
        return given_up

    def remember(self, memory: str) -> None:
        """Keeps what is to be remembered."""
        with self._change():
            self._remember(memory)

    @property
    def memory(self) -> str:
        """What was to be remembered; empty where nothing was."""
        with self._telling():
            row = self._base.execute("SELECT said FROM memory").fetchone()
        return row[0] if row else ""

    def next(self, place: str, now: float | None = None) -> Waiting | None:
        """The oldest event that may be offered to a place at the time `now` (seconds since 1970)."""
        with self._telling():
            row = self._base.execute(
                "SELECT seq, id, body, tries FROM due JOIN event USING (seq)"
                " WHERE place = ? AND at <= ? ORDER BY seq LIMIT 1",
                (place, time.time() if now is None else now),
            ).fetchone()
        return Waiting(*row) if row else None

    def done(self, place: str, seq: int) -> None:
        """The place has the event."""
        with self._change():
            self._take_away(place, seq)

    def later(self, place: str, seq: int, at: float) -> None:
        """The place did not take it, and is offered it again at the time `at`."""
        with self._change():
            self._base.execute(
                "UPDATE due SET at = ?, tries = tries + 1 WHERE place = ? AND seq = ?", (at, place, seq)
            )

    def count(self, place: str) -> int:
        """How many events wait for a place."""
        with self._telling():
            return self._count(place)

    def close(self) -> None:
        """Ends the connection to the file."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _count(self, place: str) -> int:
        return int(self._base.execute("SELECT count(*) FROM due WHERE place = ?", (place,)).fetchone()[0])

    def _remember(self, memory: str) -> None:
        self._base.execute("INSERT OR REPLACE INTO memory VALUES (1, ?)", (memory,))

    def _take_away(self, place: str, seq: int) -> None:
        self._base.execute("DELETE FROM due WHERE place = ? AND seq = ?", (place, seq))
        self._base.execute(
            "DELETE FROM event WHERE seq = ? AND NOT EXISTS (SELECT 1 FROM due WHERE seq = ?)", (seq, seq)
        )

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._telling():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = f"What has still to be told could not be kept in {self._file} ({error})."
            hint = "Check that the disk is not full and that you may write there; move a damaged file away."
            raise OutboxError("outbox_unusable", said, hint) from error
