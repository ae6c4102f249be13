"""The log of a station: what happened becomes an event, and every place that wants it gets it once.

Events are kept in an outbox before they are written anywhere, together with what plays: a process that is
killed goes on where it was. A file that has an event already does not get it again; a webhook may, with the
same id.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from sonica.platform import webhooks
from sonica.platform.errors import SonicaError
from sonica.platform.files import lock_if_free
from sonica.platform.ids import new_id
from sonica.platform.lines import LineFile
from sonica.platform.outbox import Outbox
from sonica.recognition.monitor import Play, Told
from sonica.recognition.schemas import Factor, Probability, Seconds

FOLDER = "monitor"
"""In the data folder."""
REMEMBER_S = 10.0
"""Seconds between two times that it is kept how far a play was heard."""

COLUMNS = (
    "id,event,source,started_at,ended_at,seconds,song_id,recording_id,title,artist,language,offset_s,speed,"
    "confidence,note"
)
"""Of the CSV file."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class LoggedSong(_Frozen):
    """A song as others are told of it."""

    id: int
    recording_id: int
    title: str
    artist: str
    language: str


class PlayData(_Frozen):
    """Of `begun` and `played`: `play_id` is the same in both, `ended_at` null until it is over.

    `offset_s`: where in the recording it began; `speed`: 1.02 for a song that is played 2% too fast.
    """

    play_id: UUID
    started_at: str
    ended_at: str | None
    seconds: Seconds | None
    song: LoggedSong
    offset_s: Seconds
    speed: Factor
    confidence: Probability


class GapData(_Frozen):
    """Of `gap`: from when to when nothing could be heard, and why."""

    started_at: str
    ended_at: str
    seconds: Seconds
    reason: str


class Event(_Frozen):
    """What is told; `timestamp`: when it was noticed."""

    id: UUID
    type: Literal["begun", "played", "gap"]
    timestamp: str
    source: str
    data: PlayData | GapData


class _Memory(_Frozen):
    """What the next process has to know."""

    heard_until_s: float = 0.0
    playing: Play | None = None
    recent: tuple[Play, ...] = ()


class StationLog:
    """Where a station's events go. `on_event` hears each once it is kept and in the files."""

    def __init__(
        self,
        source: str,
        outbox: Outbox,
        *,
        files: dict[str, LineFile],
        deliverer: webhooks.Deliverer | None,
        on_event: Callable[[Event], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        self._source, self._outbox, self._files, self._deliverer = source, outbox, files, deliverer
        self._on_event, self._on_trouble = on_event, on_trouble
        self._places = [*files, *([webhooks.PLACE] if deliverer else [])]
        self._remembered = 0.0
        self.left = 0
        """At the end of `open_log`: how many events the webhook has still to get."""
        try:
            self.memory = _Memory.model_validate_json(outbox.memory or "{}")
        except ValidationError:  # of another version
            self.memory = _Memory()
        self._write(is_start=True)

    def told(self, told: Told, memory: tuple[Play | None, tuple[Play, ...]], heard_until_s: float) -> None:
        """A play has begun or is over. `memory`: of the Monitor."""
        play, is_over = told.play, told.kind == "played"
        song = LoggedSong.model_validate(play.song.model_dump(include=set(LoggedSong.model_fields)))
        data = PlayData(
            play_id=play.id,
            started_at=shown_time(play.start_s),
            ended_at=shown_time(play.end_s) if is_over else None,
            seconds=play.end_s - play.start_s if is_over else None,
            song=song,
            offset_s=play.offset_s,
            speed=play.speed,
            confidence=play.confidence,
        )
        self._put(told.kind, data, _Memory(heard_until_s=heard_until_s, playing=memory[0], recent=memory[1]))

    def gap(self, start_s: float, end_s: float, reason: str) -> None:
        """Nothing was heard for a while."""
        data = GapData(
            started_at=shown_time(start_s), ended_at=shown_time(end_s), seconds=end_s - start_s, reason=reason
        )
        self._put("gap", data, self.memory.model_copy(update={"heard_until_s": end_s}))

    def heard(self, memory: tuple[Play | None, tuple[Play, ...]], until_s: float) -> None:
        """How far it is; kept every few seconds."""
        self.memory = _Memory(heard_until_s=until_s, playing=memory[0], recent=memory[1])
        if time.monotonic() - self._remembered >= REMEMBER_S:
            self._remembered = time.monotonic()
            self._outbox.remember(self.memory.model_dump_json())

    def close(self) -> None:
        """Keeps how far it is."""
        self._outbox.remember(self.memory.model_dump_json())

    def _put(
        self, kind: Literal["begun", "played", "gap"], data: PlayData | GapData, memory: _Memory
    ) -> None:
        now = shown_time(time.time())
        event = Event(id=new_id(), type=kind, timestamp=now, source=self._source, data=data)
        self.memory = memory
        lost = self._outbox.put(
            str(event.id), event.model_dump_json(), self._places, memory.model_dump_json()
        )
        if lost:
            self._on_trouble(f"Too many events wait: {lost:,} of the oldest were given up.")
        self._write()
        if self._deliverer:
            self._deliverer.wake()
        self._on_event(event)

    def _write(self, *, is_start: bool = False) -> None:
        """Writes what waits for the files; at the start, what a crash may have left there or not."""
        for place, file in self._files.items():
            while waiting := self._outbox.next(place):
                line = waiting.body if place == "jsonl" else csv_line(Event.model_validate_json(waiting.body))
                if line and not (is_start and file.ends_with(waiting.id)):
                    file.append(line)
                self._outbox.done(place, waiting.seq)


@contextmanager
def open_log(
    home: Path,
    source: str,
    *,
    csv_file: Path | None = None,
    jsonl_file: Path | None = None,
    webhook: tuple[str, bytes] | None = None,
    on_event: Callable[[Event], None],
    on_trouble: Callable[[str], None],
) -> Iterator[StationLog]:
    """The log of a station, which one process at a time may keep. `webhook`: the address and the key.

    `on_trouble` hears what a person should see, maybe from another thread. Raises SonicaError
    (`monitor_busy`, `monitor_folder`).
    """
    folder = home / FOLDER / hashlib.sha256(source.encode()).hexdigest()[:16]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as stack:
            if not stack.enter_context(lock_if_free(folder / ".lock")):
                said = f"Another monitor already listens to {source}."
                raise SonicaError("monitor_busy", said, "End that one, or give this one another --name.")
            files = {}
            if csv_file:
                files["csv"] = LineFile(csv_file, COLUMNS, header=True)
            if jsonl_file:
                files["jsonl"] = LineFile(jsonl_file, '{"id":"')
            database = folder / "outbox.sqlite"
            outbox = stack.enter_context(Outbox(database))
            deliverer = webhooks.Deliverer(database, *webhook, on_trouble) if webhook else None
            log = StationLog(
                source, outbox, files=files, deliverer=deliverer, on_event=on_event, on_trouble=on_trouble
            )
            with deliverer or nullcontext():
                yield log
                log.close()
            log.left = outbox.count(webhooks.PLACE)
    except OSError as error:
        said = f"The monitor's folder {folder} cannot be used ({error.strerror})."
        raise SonicaError(
            "monitor_folder", said, "Check who owns it, and that the disk is not full."
        ) from error


def csv_line(event: Event) -> str:
    """The line of an event, without its end; empty for one that the file has no line for."""
    data = event.data
    cells: Sequence[object]
    if isinstance(data, GapData):
        cells = (data.started_at, data.ended_at, f"{data.seconds:.2f}", *[""] * 8, data.reason)
    elif event.type == "played":
        song = data.song
        cells = (
            *(data.started_at, data.ended_at, f"{data.seconds:.2f}", song.id, song.recording_id),
            *(song.title, song.artist, song.language),
            *(f"{data.offset_s:.2f}", f"{data.speed:.3f}", f"{data.confidence:.4f}", ""),
        )
    else:
        return ""
    text = io.StringIO()
    row = (event.id, event.type, event.source, *cells)
    csv.writer(text, lineterminator="").writerow([" ".join(str(cell).split()) for cell in row])
    return text.getvalue()


def shown_time(seconds: float) -> str:
    """Seconds since 1970 as `2026-11-28T23:05:11.250Z`."""
    when = dt.datetime.fromtimestamp(round(seconds, 3), dt.UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
