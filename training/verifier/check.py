"""Whether the engine scores as this folder believes: `python -m training.verifier.check`, after a build.

Composed songs are asked through noise, known and masked; each score of the engine is set beside that of
`terms.py` with the trees of the table, on the features that the engine reports.
"""

import sys

import numpy as np
from bench.accuracy.truth import BadTableError

from sonica import _engine
from sonica.audio.compose import compose_song
from training.verifier.asks import Floats, columns
from training.verifier.terms import bounded
from training.verifier.write import TABLE, read_table

FEWEST_RECORDINGS = 3
"""Down to so many the engine corrects for the size of the catalogue."""
BY_CHANCE = (60.0, 100.0)
"""Likelihoods (nats) from which on it corrects less, and not at all: no lead is by chance there."""
LARGEST = 1e-4
"""By so much scores may differ, per unit of the larger of 1 and the score: the engine adds 32-bit numbers."""


def scores() -> tuple[Floats, Floats]:
    """The engine's scores, and those of the mirror, of all hits of a few queries."""
    songs = [compose_song(seed) for seed in range(3)]
    rng = np.random.default_rng(0)
    builder = _engine.PackBuilder()
    for i, song in enumerate(songs):
        builder.add(i, i, _engine.fingerprint(song.samples, song.rate))
    packs = [_engine.Pack.from_bytes(builder.build())]
    asks: list[tuple[bytes, list[int]]] = []
    for i, song in enumerate(songs):
        for seconds, loud in ((6, 0.02), (3, 0.3)):
            clip = song.samples[9 * song.rate : (9 + seconds) * song.rate]
            heard = (clip + loud * rng.standard_normal(clip.size)).astype(np.float32)
            fingerprint = _engine.fingerprint(heard, song.rate)
            asks += [(fingerprint, []), (fingerprint, [i])]
    answers = _engine.recognize_many(packs, asks, limit=32, exhaustive=True)
    hits = [h for a in answers for h in a.hits]
    seen = columns(_engine.FEATURES, np.array([h.features for h in hits], np.float32))
    table = read_table(TABLE.read_text(encoding="utf-8"))
    fewer = table.per_log_songs * np.log(max(FEWEST_RECORDINGS, len(songs)) / table.songs)
    start, end = BY_CHANCE
    concerned = np.clip((end - seen["likelihood"]) / (end - start), 0, 1)
    mirrored = bounded(table.forest.of(seen), seen) - fewer * concerned
    return np.array([h.score for h in hits], np.float64), mirrored


def main() -> None:
    """Says how far they are apart; ends with 1 where that is too far."""
    try:
        engine, mirror = scores()
    except BadTableError as error:
        sys.exit(f"error: {error}")
    apart = float(np.max(np.abs(engine - mirror) / np.maximum(1, np.abs(engine))))
    print(
        f"Engine and training/verifier/terms.py score alike: {engine.size} hits, at most {apart:.1e} apart."
    )
    if apart > LARGEST:
        sys.exit("error: that is too far: bring terms.py and verify.rs together, and build with `make setup`")


if __name__ == "__main__":
    main()
