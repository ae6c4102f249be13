"""A piece written out: every note and every stroke, before anything sounds."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sonica.audio.compose.demo.melody import Line, new_line, new_rhythm, varied, wander
from sonica.audio.compose.demo.phrasing import Tone, sing
from sonica.audio.compose.demo.pieces import Piece
from sonica.audio.compose.demo.ragas import RAGAS, Raga
from sonica.audio.compose.demo.rhythm import Cycle, Hit, fill_hits, manjira_hits, theka_hits, tihai_hits
from sonica.audio.compose.demo.talas import TALAS, Tala

GLIDING = {"bansuri", "voice", "sarangi", "shehnai", "sitar", "sarod"}
"""Instruments that can glide from note to note."""
STRUNG = {"sitar", "sarod"}
"""Those with drone strings of their own (chikari), struck between the notes."""

LOWER, UPPER, PLAYED = (-5, 12), (0, 17), (-5, 14)
"""Lowest and highest swara of the refrain, of the verse, and of the second instrument."""
LINE_SECONDS = 5.0
"""About how long a line lasts."""
QUICKENING = 0.04
"""How much faster the last cycle is than the first."""
OPENING = 0.8
"""When the first note comes, after the drone has begun (seconds)."""
ENDING = 5.5
"""Seconds from the last sam to the end."""


class Placed(NamedTuple):
    """A line in its place: its letter in the form, its sam (matras from the first), who plays it."""

    letter: str
    place: float
    line: Line
    voice: str


@dataclass
class Score:
    """`lead`, `second`, `shadow`, `bass` and `harp` are notes, in order of time within each; `placed` the
    lines behind them; `cycles` and `hits` the drums; `alap` when the free opening ends, `seconds` when all
    ends.
    """

    piece: Piece
    raga: Raga
    tala: Tala
    alap: float = 0.0
    seconds: float = 0.0
    placed: list[Placed] = field(default_factory=list)
    lead: list[Tone] = field(default_factory=list)
    second: list[Tone] = field(default_factory=list)
    shadow: list[Tone] = field(default_factory=list)
    bass: list[Tone] = field(default_factory=list)
    harp: list[Tone] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    @property
    def tones(self) -> list[Tone]:
        """All notes of all instruments."""
        return [*self.lead, *self.second, *self.shadow, *self.bass, *self.harp]


def write_score(piece: Piece) -> Score:
    """The score of a piece; the same whenever it is written."""
    return _Writer(piece).written()


class _Writer:
    """Writes one score, from its opening to its end."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.raga, self.tala = RAGAS[piece.raga], TALAS[piece.tala]
        # Far from the seeds of other composed songs, which are small.
        self.rng = np.random.default_rng((7_2026, piece.number))
        self.score = Score(piece, self.raga, self.tala)
        self.matra = 60 / piece.pace
        cycle = self.tala.matras * self.matra
        self.wide = min((1, 2, 4), key=lambda n: abs(n * cycle - LINE_SECONDS))
        last = self.tala.vibhags[-1]
        self.pickup = last if last * self.matra < 1.6 and self.rng.random() < 0.5 else 0
        self.home = self.raga.vadi
        self.sams = np.zeros(1)

    def written(self) -> Score:
        """The opening, the form line by line, the tihai and the last note."""
        self._opening()
        self._lay_cycles()
        materials = self._materials()
        for i, letter in enumerate(self.piece.form):
            self._line(i, letter, materials)
        self._ending()
        self._drums()
        self.score.lead.sort()
        self.score.second.sort()
        if "harmonium" in self.piece.extras:
            self.score.shadow = [
                Tone(tone.start + 0.07, tone.length, tone.swara, 0.6 * tone.loudness, 0.01)
                for tone in self.score.lead
                if tone.length > 0.14
            ]
        return self.score

    def at(self, place: float) -> float:
        """Seconds of a place in matras from the first sam; before it, at the first cycle's pace."""
        if place < 0:
            return float(self.sams[0] + place * (self.sams[1] - self.sams[0]) / self.tala.matras)
        return float(np.interp(place / self.tala.matras, np.arange(len(self.sams)), self.sams))

    def _opening(self) -> None:
        """A free opening over the drone (alap): Sa, then phrases of the raga, slow, each left hanging."""
        rng, now = self.rng, OPENING
        gliding = self.piece.lead in GLIDING
        home = (0,) if rng.random() < 0.6 else (-12 + self.raga.drone, 0)
        order = [int(i) for i in rng.permutation(len(self.raga.phrases))]
        for phrase in (home, self.raga.phrases[order[0]], self.raga.phrases[order[1]]):
            for i, swara in enumerate(phrase):
                last = i == len(phrase) - 1
                length = float(rng.uniform(1.3, 2.0) if last else rng.uniform(0.3, 0.75))
                tone = Tone(now, length, swara, 0.75, float(rng.uniform(0.12, 0.25)) if gliding else 0.03)
                long = gliding and length > 1
                sway = "andolan" if long and swara % 12 in self.raga.swings else ""
                self.score.lead.append(tone._replace(sway=sway))
                now += length
            now += float(rng.uniform(0.3, 0.6))
        self._sweep(now - 0.4, 0.5)
        self.score.alap = now + 0.6

    def _sweep(self, start: float, loudness: float) -> None:
        """A sweep over the strings of a harp that is tuned to the raga (swarmandal)."""
        strings = [s for s in range(25) if s % 12 in self.raga.down]
        for i, swara in enumerate(strings):
            begin = start + 0.055 * i + float(self.rng.normal(0, 0.004))
            self.score.harp.append(Tone(begin, 1.6, swara, loudness * float(self.rng.uniform(0.7, 1))))

    def _lay_cycles(self) -> None:
        """When each cycle begins: steady, and a little faster towards the end."""
        unit = 0.5 if self.matra > 0.4 else 1.0
        self.unit = unit
        self.closing = int(np.ceil(16 * unit / self.tala.matras))
        count = len(self.piece.form) * self.wide + self.closing
        lengths = self.tala.matras * self.matra * (1 - QUICKENING * np.arange(count) / count)
        first = self.score.alap + self.pickup * self.matra
        self.sams = first + np.concatenate([[0.0], np.cumsum(lengths)])
        self.score.seconds = float(self.sams[-1]) + ENDING

    def _materials(self) -> dict[str, Line]:
        """The lines that the song is made of, by letter."""
        raga, rng = self.raga, self.rng

        def rhythm(*, busy: bool = False) -> tuple[float, ...]:
            return new_rhythm(self.tala, self.wide, self.pickup, self.matra, rng, busy=busy)

        def line(goal: int, span: tuple[int, int], start: int | None = None, *, busy: bool = False) -> Line:
            return new_line(
                raga, rhythm(busy=busy), rng, pickup=self.pickup, goal=goal, span=span, start=start
            )

        middle = next(s for s in (4, 3, 5, 7) if s in raga.swaras)
        return {
            "A": line(self.home, LOWER),
            "B": line(0, LOWER),
            "C": line(12, UPPER, middle),
            "D": line(self.home, UPPER, 12),
            "I": line(12 if rng.random() < 0.5 else 0, PLAYED, busy=True),
            "J": line(0, PLAYED, busy=True),
        }

    def _line(self, i: int, letter: str, materials: dict[str, Line]) -> None:
        """One line of the form; each time it comes again it is varied, and that is what comes back next."""
        name, rng = letter.upper(), self.rng
        line, place = materials[name], i * self.wide * self.tala.matras
        played = name in "IJ"
        span = PLAYED if played else UPPER if name in "CD" else LOWER
        if name in self.piece.form[:i].upper() and not letter.islower():
            line = materials[name] = varied(self.raga, line, span, rng)
        energy = 0.8 + 0.2 * i / len(self.piece.form) + (0.05 if name in "CD" else 0.0)

        def at(matras: float) -> float:
            return self.at(place + matras)

        if not played:
            gliding = self.piece.lead in GLIDING
            self.score.placed.append(Placed(letter, place, line, "lead"))
            sung = sing(line, self.raga, at, rng, loudness=energy, gliding=gliding)
            self.score.lead += sung
            if letter.isupper():
                self._answer(line, sung[-1])
        if played or letter.islower():
            gliding = self.piece.second in GLIDING
            self.score.placed.append(Placed(letter, place, line, "second"))
            loudness = energy if played else 0.75 * energy
            self.score.second += sing(line, self.raga, at, rng, loudness=loudness, gliding=gliding)
        if played and self.piece.second in STRUNG:
            self._chikari(line, at(0) - at(-1), place)
        if played and rng.random() < 0.4:
            self._sweep(at(self.wide * self.tala.matras) - 1.1, 0.4)

    def _answer(self, line: Line, held: Tone) -> None:
        """Where the lead holds its last note, the second may take up how the line ended."""
        if held.length < 0.9 or self.rng.random() < 0.35:
            return
        step = max(0.13, min(0.24, held.length * 0.5 / 4))
        for i, swara in enumerate(line.swaras[-4:]):
            start = held.start + 0.35 * held.length + i * step
            self.score.second.append(Tone(start, step * (1 if i < 3 else 2), swara, 0.55, 0.02))

    def _chikari(self, line: Line, matra: float, place: float) -> None:
        """Strokes of the upper Sa in the gaps between the notes."""
        begun = {round(2 * float(p)) for p in line.places}
        for half in range(2 * self.wide * self.tala.matras):
            if half - 2 * line.pickup not in begun and self.rng.random() < 0.4:
                start = self.at(place + half / 2 - line.pickup)
                self.score.second.append(Tone(start, matra, 12, 0.3, 0.0))

    def _ending(self) -> None:
        """A phrase three times over (tihai), whose last note is the sam, and Sa held."""
        cycles = len(self.sams) - 1
        sam, unit = cycles * self.tala.matras, self.unit
        top = next(s for s in (7, 5, 4, 3) if s in self.raga.swaras)
        pulls = [np.ones(LOWER[1] - LOWER[0] + 1) for _ in range(4)]
        phrase = [top, *wander(self.raga, (top, 0), pulls, LOWER, self.rng)]
        line = Line(tuple([unit] * 5), tuple(phrase))
        gliding = self.piece.lead in GLIDING
        for turn in range(3):
            place = sam - (2 - turn) * 6 * unit - 4 * unit
            self.score.placed.append(Placed("T", place, line, "lead"))
            for i, swara in enumerate(phrase):
                start, end = self.at(place + i * unit), self.at(min(sam, place + (i + 1) * unit))
                length = end - start if turn < 2 or i < 4 else ENDING - 2.2
                self.score.lead.append(Tone(start, length, swara, 0.9, 0.04 if gliding else 0.01))
        self._sweep(float(self.sams[-1]) + 0.35, 0.45)
        self.score.second.append(Tone(float(self.sams[-1]) + 0.02, ENDING - 2.5, 0, 0.6))

    def _drums(self) -> None:
        """The theka, cycle after cycle; fills before new parts, the tihai, and the bass with them."""
        rng, score, tala = self.rng, self.score, self.tala
        form = self.piece.form.upper()
        total = len(self.sams) - 1
        for i in range(total):
            line, within = divmod(i, self.wide)
            start = float(self.sams[i])
            matra = (float(self.sams[i + 1]) - start) / tala.matras
            if i >= total - self.closing:
                score.cycles.append(Cycle(start, matra, (), "tihai"))
                continue
            ends_part = within == self.wide - 1 and (
                line + 1 == len(form) or (form[line] in "AB") != (form[line + 1] in "AB")
            )
            cycle = Cycle(start, matra, tala.theka, "fill" if ends_part else "theka")
            score.cycles.append(cycle)
            energy = 0.75 + 0.25 * i / total
            score.hits += (fill_hits if ends_part else theka_hits)(cycle, tala, energy, rng)
            if "manjira" in self.piece.extras and form[line] not in "IJ":
                score.hits += manjira_hits(cycle, tala, energy, rng)
            if "bass" in self.piece.extras:
                middle = tala.starts[len(tala.starts) // 2]
                score.bass.append(Tone(start, middle * matra, -12, energy))
                score.bass.append(Tone(start + middle * matra, middle * matra, self.raga.drone - 12, energy))
        score.hits += tihai_hits(self.at, total * tala.matras, self.unit)
        score.hits.sort()
