"""What plays in a sound that has no end, told while it plays: a radio station, for days.

Every two seconds the newest sound is looked at. While a song plays, it is only followed along the recording,
which is cheap and cannot be misled by a chorus that comes twice. Where nothing is known, it is looked for: as
it was recorded, and at every other look at every speed, since stations often speed songs up. One hit begins
nothing: the sound after it must lie along the same line, too. Only fingerprints of the last two minutes
are kept, whatever the hours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from sonica import _engine
from sonica.platform.errors import SonicaError
from sonica.platform.ids import new_id
from sonica.recognition.along import Line, lie_along
from sonica.recognition.ear import Ear
from sonica.recognition.schemas import SongRef
from sonica.recognition.service import Recognizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEP_S = 2.0
"""Seconds of sound between two looks."""
ASKED_S = 8.0
"""Length of an excerpt that is looked for."""
LEAST_S = 3.0
"""A shorter one says nothing; and a line is weighed over at least so much."""
FULL_EVERY = 2
"""Every so many looks at what is not known, every speed, tempo and pitch is tried."""
AGREE_S = 4.0
"""A song plays now if it lies under some of the last so many seconds."""
CONFIRM_S = 4.0
"""Seconds of newer sound that must lie along the line of a hit, too, before it counts as a play."""
HOLD_S = 20.0
"""Seconds of other sound after which a play is over: somebody may talk over a song for so long."""
BACK_S = 10.0
"""A song found so much before where it should be was started again; a shorter skip is the encoder's."""
BURST_S = 45.0
"""A server may send again so many seconds, once the connection is a new one."""
AWAY_S = 600.0
"""Seconds without any sound after which a play is over, wherever the song would be by then."""
NEAR_EDGE_S = 2.5
"""A play that is heard from, or up to, so near an end of the recording is taken to have reached it."""
REMEMBERED = 8
"""Plays that are over and may be sent again in a burst."""


class Play(BaseModel):
    """A song on air. Times are seconds of the clock that `Monitor.push` is given; `id` stays the same.

    `offset_s` and `end_offset_s`: places in the recording where it was joined and left. While it plays,
    `end_s` and `end_offset_s` are those up to which it was heard.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    song: SongRef
    start_s: float
    end_s: float
    offset_s: float
    end_offset_s: float
    speed: float
    confidence: float


class Told(NamedTuple):
    """`begun`: this plays now. `played`: it is over; told once for each that has begun."""

    kind: Literal["begun", "played"]
    play: Play


@dataclass
class _Lead:
    """A line that the newest sound seems to lie along, since second `found_x` of it."""

    line: Line
    confidence: float
    found_x: float
    last_x: float
    """Up to where the sound lies along it."""


@dataclass
class _Open:
    """A play that is not over. `lead`: None after a break, until the song is found again."""

    play: Play
    duration_s: float
    lead: _Lead | None


class Monitor:
    """Told all sound as it comes, tells what begins and what was played. For one thread.

    `playing` and `recent`: what an earlier one knew at its end (`memory`), so that a song which plays on is
    no new play. What it holds does not grow with time.
    """

    def __init__(
        self, recognizer: Recognizer, *, playing: Play | None = None, recent: tuple[Play, ...] = ()
    ) -> None:
        self._recognizer = recognizer
        self._recent = deque(recent, REMEMBERED)
        self._open = self._reopened(playing) if playing else None
        self._candidate: _Lead | None = None
        self._ear: Ear | None = None
        self._anchor = 0.0
        """What the clock says at second 0 of the ear."""
        self._seen_x = 0.0
        self._quiet_x = 0.0
        """Since when, in the ear's seconds, the open play was not heard."""
        self._free_x = 0.0
        """Up to where, in the ear's seconds, the sound belongs to plays that are over."""
        self._looks = 0
        self._broke_s = max([one.end_s for one in (*recent, *([playing] if playing else []))], default=None)
        """The clock at the last break; None while there was none."""

    @property
    def playing(self) -> Play | None:
        """What is on, as far as it is known."""
        return self._open.play if self._open else None

    @property
    def memory(self) -> tuple[Play | None, tuple[Play, ...]]:
        """What a later Monitor needs: `playing` and `recent`."""
        return self.playing, tuple(self._recent)

    @property
    def kept_s(self) -> float:
        """Seconds of sound whose fingerprint is kept."""
        return 0.0 if self._ear is None else self._ear.length_s

    def push(self, samples: NDArray[np.float32], rate: int, at_s: float) -> Iterator[Told]:
        """Hears mono samples (any number, at `rate` Hz); `at_s`: what the clock said at the first of them.

        Sound that does not follow upon the last comes after `pause`. Raises SonicaError (`rate`).
        """
        try:
            if self._ear is None or self._ear.rate != rate:
                self.pause()
                self._ear = Ear(rate)
                self._seen_x = self._quiet_x = self._free_x = 0.0
            self._anchor = at_s - self._ear.heard_s
            for piece in range(0, len(samples), rate):
                self._ear.push(samples[piece : piece + rate])
                if self._ear.heard_s - self._seen_x >= STEP_S:
                    self._seen_x = self._ear.heard_s
                    yield from self._look(self._ear)
        except _engine.EngineError as error:
            raise SonicaError(error.code, error.message) from error

    def pause(self) -> None:
        """The sound broke off. What comes next may be later, or some seconds that were heard before."""
        if self._ear is not None:
            self._broke_s = self._anchor + self._ear.heard_s
        self._ear, self._candidate = None, None
        if self._open:
            self._open.lead = None

    def idle(self, at_s: float) -> Iterator[Told]:
        """There is no sound, and the clock says `at_s`: a song that must be over by now is told."""
        self.pause()
        if self._open:
            play = self._open.play
            away = at_s - play.end_s
            if away > AWAY_S or play.end_offset_s + play.speed * away > self._open.duration_s + BACK_S:
                yield self._end()

    def finish(self) -> Iterator[Told]:
        """No more is going to be heard: what plays is told as played."""
        if self._ear and self._open and self._open.lead and self._goes_on(self._ear, self._open.lead):
            self._extend(self._open.lead)
        if self._open:
            yield self._end()

    # --- one look ---------------------------------------------------------------------------------------

    def _look(self, ear: Ear) -> Iterator[Told]:
        if self._open and self._open.lead and self._goes_on(ear, self._open.lead):
            self._extend(self._open.lead)
            self._candidate = None
            return
        candidate = self._candidate
        if candidate and self._goes_on(ear, candidate):
            if candidate.last_x - candidate.found_x >= CONFIRM_S:
                self._candidate = None
                yield from self._settle(ear, candidate)
            return
        if candidate and ear.heard_s - candidate.found_x > ASKED_S:
            self._candidate = None
        self._search(ear)
        if self._open and ear.heard_s - self._quiet_x > HOLD_S:
            yield self._end()

    def _goes_on(self, ear: Ear, lead: _Lead) -> bool:
        """Whether the newest sound lies along a line, which is then moved to where it does."""
        begin = max(ear.begin_s, min(lead.last_x, ear.heard_s - AGREE_S) - ASKED_S)
        stretch = lie_along(ear.excerpt(begin), begin, lead.line, at_x=max(begin, lead.last_x - LEAST_S))
        if stretch is None or stretch.last_x < ear.heard_s - AGREE_S:
            return False
        lead.last_x = max(lead.last_x, stretch.last_x)
        lead.line = stretch.line
        return True

    def _search(self, ear: Ear) -> None:
        """Looks for what is not known; a song that lies along the newest sound becomes the candidate."""
        begin = max(ear.begin_s, ear.heard_s - ASKED_S)
        if self._open and self._open.lead:  # what is known already would only be found again
            begin = max(begin, min(self._open.lead.last_x, ear.heard_s - AGREE_S))
        if ear.heard_s - begin < LEAST_S:
            return
        self._looks += 1
        packs, absent = self._recognizer.open_packs()
        thresholds = self._recognizer.thresholds
        answer = _engine.recognize(
            packs,
            ear.excerpt(begin),
            exclude=absent,
            nominal=self._looks % FULL_EVERY != 0,
            match_at=thresholds.match_at,
            unsure_at=thresholds.unsure_at,
        )
        for hit in answer.hits[: answer.shared]:
            reference = next((one for pack in packs if (one := pack.fingerprint(hit.recording_id))), None)
            if reference is None:
                continue
            line = Line.of_hit(hit, begin, reference)
            stretch = lie_along(ear.excerpt(begin), begin, line, at_x=(begin + ear.heard_s) / 2)
            if stretch and stretch.last_x - stretch.first_x >= LEAST_S:
                lead = _Lead(stretch.line, hit.confidence, stretch.last_x, stretch.last_x)
                self._take(lead)
                return

    def _take(self, lead: _Lead) -> None:
        """A hit is the open play, or one that is sent once more, or else the candidate for a new one."""
        place = lead.line.place(lead.last_x)
        if self._open and self._is_open(lead, place):
            self._open.lead = lead
            self._extend(lead)
        elif self._is_repeated(lead, place):
            self._quiet_x = lead.last_x
        else:
            self._candidate = lead

    def _is_open(self, lead: _Lead, place: float) -> bool:
        """Whether it is the song that plays: not started again, wherever else it went on."""
        assert self._open is not None  # noqa: S101  as asked
        play = self._open.play
        if play.song.recording_id != lead.line.recording_id:
            return False
        expected = play.end_offset_s + play.speed * (self._anchor + lead.last_x - play.end_s)
        is_new = self._open.lead is None
        return place >= min(expected, self._open.duration_s) - (BURST_S if is_new else BACK_S)

    def _is_repeated(self, lead: _Lead, place: float) -> bool:
        """Whether it was told before the break, and the server has only sent it again."""
        if self._broke_s is None:
            return False
        for one in self._recent:
            if one.song.recording_id == lead.line.recording_id and place <= one.end_offset_s + LEAST_S:
                # So many seconds before the break this connection would have begun, if it is that play.
                burst = self._broke_s - one.end_s + lead.last_x + (one.end_offset_s - place) / one.speed
                if burst <= BURST_S:
                    return True
        return False

    def _reopened(self, play: Play) -> _Open:
        id_ = play.song.recording_id
        song = self._recognizer.describe([id_]).get(id_, play.song)
        return _Open(play.model_copy(update={"song": song}), song.duration_s or AWAY_S, None)

    # --- plays --------------------------------------------------------------------------------------------

    def _settle(self, ear: Ear, lead: _Lead) -> Iterator[Told]:
        """A candidate has proved right: what played before is over, and it has begun."""
        if self._open:
            yield self._end()
        song = self._recognizer.describe([lead.line.recording_id]).get(lead.line.recording_id)
        if song is None:
            return
        first_x = self._start(ear, lead)
        play = Play(
            id=new_id(),
            song=song,
            start_s=self._anchor + first_x,
            end_s=self._anchor + lead.last_x,
            offset_s=max(0.0, lead.line.place(first_x)),
            end_offset_s=lead.line.place(lead.last_x),
            speed=lead.line.speed,
            confidence=min(1.0, max(0.0, lead.confidence)),
        )
        self._open = _Open(play, lead.line.duration_s, lead)
        self._quiet_x = lead.last_x
        yield Told("begun", play)

    def _start(self, ear: Ear, lead: _Lead) -> float:
        """Since when a song plays: as far back as the sound lies along it, but not into the play before."""
        line = lead.line
        least = max(ear.begin_s, min(self._free_x, lead.found_x - LEAST_S), line.x_of(0.0))
        stretch = lie_along(ear.excerpt(least), least, line, at_x=max(least, lead.last_x - LEAST_S))
        first = stretch.first_x if stretch else lead.found_x - LEAST_S
        if line.place(first) <= NEAR_EDGE_S * line.speed:
            first = line.x_of(0.0)
        return max(first, least)

    def _extend(self, lead: _Lead) -> None:
        """The open play was heard up to the end of `lead`."""
        assert self._open is not None  # noqa: S101  as asked
        play, self._quiet_x = self._open.play, lead.last_x
        end_s, place = self._anchor + lead.last_x, lead.line.place(lead.last_x)
        if place <= play.end_offset_s and self._broke_s is not None and lead.last_x <= BURST_S:
            return  # sent again
        self._open.play = play.model_copy(
            update={
                "end_s": max(play.end_s, end_s),
                "end_offset_s": place,
                "confidence": max(play.confidence, min(1.0, lead.confidence)),
            }
        )

    def _end(self) -> Told:
        assert self._open is not None  # noqa: S101  as asked
        play, duration, lead = self._open.play, self._open.duration_s, self._open.lead
        rest = (duration - play.end_offset_s) / play.speed
        if lead and self._ear and 0 < rest <= NEAR_EDGE_S and lead.last_x + rest <= self._ear.heard_s:
            play = play.model_copy(update={"end_s": play.end_s + rest, "end_offset_s": duration})
        if play.end_s - play.start_s > 2 * ASKED_S:  # over so much it is surer than any excerpt tells
            speed = (play.end_offset_s - play.offset_s) / (play.end_s - play.start_s)
            if abs(speed / play.speed - 1) < 0.01:
                play = play.model_copy(update={"speed": speed})
        self._free_x = max(self._free_x, lead.last_x) if lead else self._free_x
        self._open = None
        self._recent.append(play)
        return Told("played", play)
