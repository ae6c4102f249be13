"""All families of a seed, and the other songs that they are hidden among."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bench.accuracy.progress import Progress, silent
from bench.families.edits import dj_edit
from bench.families.live import live_version
from bench.families.loops import songs_on_a_loop
from bench.families.model import Recording
from bench.families.tunes import karaoke, two_tunes
from sonica.audio.compose import compose_song


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each: families but for `loop_songs`, which are songs on one loop, `loop_absent` more of
    which are not indexed; `others` are songs that share nothing.
    """

    two_tunes: int = 8
    karaoke: int = 4
    dj_edits: int = 4
    live: int = 4
    loop_songs: int = 6
    loop_absent: int = 2
    others: int = 36


def compose(seed: int, size: Size, progress: Progress = silent) -> list[Recording]:
    """All recordings, indexed or not. Those of different seeds share nothing."""
    makers: list[Callable[[], list[Recording]]] = []
    counts = (
        (two_tunes, size.two_tunes),
        (karaoke, size.karaoke),
        (dj_edit, size.dj_edits),
        (live_version, size.live),
    )
    makers += [partial(maker, number, seed) for maker, count in counts for number in range(count)]
    if size.loop_songs:
        makers.append(partial(songs_on_a_loop, seed, songs=size.loop_songs, absent=size.loop_absent))
    makers += [partial(_other, number, seed) for number in range(size.others)]
    recordings: list[Recording] = []
    for done, maker in enumerate(makers, 1):
        recordings += maker()
        progress("compose songs", done, len(makers))
    return recordings


def _other(number: int, seed: int) -> list[Recording]:
    return [Recording(f"other-{number}", "", compose_song(1_000 * seed + number).samples, ())]
