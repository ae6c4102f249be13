"""What the curve stands on: queries, the real songs, and those of them that distractors may be made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.composed import MADE_NOISE, compose_data
from bench.accuracy.material import Material, Wanted, gather
from bench.accuracy.progress import Progress
from bench.accuracy.queries import Plan, make_queries
from bench.accuracy.sources import Sources, Split, choose
from bench.accuracy.system import Sonica
from bench.accuracy.truth import BadTableError, Relatives
from bench.distractors import Distractors

FOUND = Path(__file__).parents[1] / "related-found.csv"
"""Relatives that the data folder does not list."""
ASKED = 12
"""Songs of the small query set, and as many unknown ones where there are any."""
DEGRADATIONS = ("clean", "snr5", "snr-5", "phone", "speed-20", "stretch+10")
"""From easy to hard; the last two are found only after other speeds and tempos were tried."""
STRANGERS = ("clean", "snr5", "phone")
"""What happens to unknown songs: each once as the easy and the hard ones are."""
COMPOSED = (24, 6)
"""Known and unknown songs where there are no real ones."""


@dataclass(frozen=True)
class Ground:
    """The questions, and what the catalogue is made of.

    `sources`: the songs, by stem, that distractors are made of: none that is asked, and none of their
    relatives. `remark`: what to bear in mind about the figures.
    """

    material: Material
    sources: Sequence[tuple[str, bytes]]
    relatives: Relatives
    remark: str


def prepare(
    *,
    eval_data: Path | None,
    data: Path,
    queries: Path | None,
    progress: Progress,
    jobs: int,
    plan: tuple[int, Sequence[str], Sequence[int]] = (ASKED, DEGRADATIONS, (10, 5, 3)),
) -> Ground:
    """Makes the query set where none is given, and hears queries and songs; all is kept in `data`.

    `plan`: of a set that is made, how many songs, which degradations, which lengths (s). Raises
    BadTableError.
    """
    folder = eval_data or data / "composed"
    if eval_data is None:
        compose_data(folder, known=COMPOSED[0], unknown=COMPOSED[1], progress=progress)
    if queries is None:
        queries = data / f"queries-scale-{'composed' if eval_data is None else 'real'}"
        unknown, noise, rooms = (
            folder / name if (folder / name).is_dir() else None for name in ("unknown", "noise", "rooms")
        )
        if eval_data is None:
            sources = Sources(folder / "catalogue", unknown, made_noise=MADE_NOISE)
        else:
            sources = Sources(folder / "catalogue", unknown, noise, rooms)
        asked, degradations, lengths = plan
        chosen = choose(sources, Split.REPORT if eval_data else Split.ALL, 1, asked)
        strangers = tuple(d for d in STRANGERS if d in degradations)
        wanted = Plan(chosen, tuple(degradations), strangers, tuple(lengths), short=False)
        make_queries(wanted, queries, jobs=jobs, progress=progress)
    kin = Relatives.read(*(path for path in (folder / "related.csv", FOUND) if path.exists()))
    cache = data / "scale" / "fingerprints"
    material = gather(Sonica(), Wanted(queries, folder / "catalogue", kin, cache=cache), progress)
    remark = "The real songs are recordings."
    if eval_data is None:
        remark = "The real songs are Sonica's own: the figures show that it works, not how well."
    return Ground(material, sources_of(material, kin), kin, remark)


def sources_of(material: Material, kin: Relatives) -> list[tuple[str, bytes]]:
    """The songs that nobody asks for, known or as a stranger, and that are no relatives of such.

    Raises BadTableError where none is left, or none that is long enough.
    """
    asked = {query.song for query in material.queries}
    near = asked.union(*(kin.of(song) for song in asked))
    left = [(stem, print_) for stem, print_ in material.songs if stem not in near]
    if not left:
        raise BadTableError(
            "the query set asks for every song, so that there is none to make distractors of: "
            "give more songs, or a set of fewer (python -m bench.accuracy queries --ask)"
        )
    try:
        Distractors([print_ for _, print_ in left])
    except ValueError as error:
        raise BadTableError(f"no distractors can be made: {error}; give more songs") from None
    return left
