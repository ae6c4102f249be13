"""Which packs should become one: a search reads every pack, and what was removed lies in them for a while."""

from dataclasses import dataclass

from sonica.catalogue.state import State

MOST_SMALL = 8
"""Small packs that may be there: of so many the smallest become one."""
FULL_SECONDS = 100 * 3600.0
"""Music in a pack, at most; making one takes about as many kilobytes of memory as it holds seconds."""
DEAD_SHARE = 0.25
"""Of a pack that holds this share of removed music a new one is made."""


@dataclass(frozen=True)
class Size:
    """Music in a pack, seconds: what is known, and what was removed."""

    live: float
    dead: float = 0.0


def sizes(state: State, seconds_of_retired: float = 180.0) -> dict[str, Size]:
    """How much each pack holds. What was removed counts for so many seconds each: nobody remembers."""
    known = state.recordings
    return {
        name: Size(
            sum(known[id_].duration_s for id_ in held if id_ in known),
            seconds_of_retired * sum(id_ not in known for id_ in held),
        )
        for name, held in state.packs.items()
    }


def packs_to_merge(packs: dict[str, Size]) -> list[str]:
    """Those of which the next pack should be made; none where all is well.

    While there are few small packs, none. Then the smallest: packs grow eightfold a merge, so each
    recording is written anew only about log8(n) times. A pack that is half full is left alone.
    """
    for name, size in packs.items():
        if size.dead and size.dead >= DEAD_SHARE * (size.live + size.dead):
            return [name]
    small = [name for name, size in packs.items() if size.live <= FULL_SECONDS / 2]
    if len(small) < MOST_SMALL:
        return []
    small.sort(key=lambda name: (packs[name].live, name))
    taken: list[str] = []
    total = 0.0
    for name in small[:MOST_SMALL]:
        total += packs[name].live
        if total > FULL_SECONDS and len(taken) > 1:
            break
        taken.append(name)
    return taken
