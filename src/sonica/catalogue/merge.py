"""Which packs should become one: a search reads every pack, and what was removed lies in them for a while."""

import math
from collections import defaultdict
from dataclasses import dataclass

from sonica.catalogue.state import State

TIER = 4
"""So many packs of about one size become one, which is of the next size. A search reads every pack, so there
should be few; of each size there are fewer than this.
"""
FULL_SECONDS = 1_000 * 3600.0
"""Music in a pack, at most. Every key is looked up in every pack, so a large collection wants few; making a
full one takes about 1.4 GB of memory."""
DEAD_SHARE = 0.25
"""Of a pack that holds this share of removed music a new one is made."""


@dataclass(frozen=True)
class Size:
    """Music in a pack, seconds: known and removed; and whether some of it is of other songs now."""

    live: float
    dead: float = 0.0
    is_stale: bool = False

    @property
    def tier(self) -> int:
        """Packs of one tier differ in size by less than `TIER` times."""
        return int(math.log(max(1.0, self.live), TIER))


def sizes(state: State, seconds_of_retired: float = 180.0) -> dict[str, Size]:
    """How much each pack holds. What was removed counts for so many seconds each: nobody remembers."""
    known = state.recordings
    return {
        name: Size(
            sum(known[id_].duration_s for id_ in held if id_ in known),
            seconds_of_retired * sum(id_ not in known for id_ in held),
            not state.stale.isdisjoint(held),
        )
        for name, held in state.packs.items()
    }


def packs_to_merge(packs: dict[str, Size]) -> list[str]:
    """Those of which the next pack should be made; none where all is well.

    Packs of one tier, the smallest first, so that each recording is written anew about log4(n) times. A pack
    that is half full is left alone.
    """
    for name, size in packs.items():
        if size.is_stale or (size.dead and size.dead >= DEAD_SHARE * (size.live + size.dead)):
            return [name]
    tiers: defaultdict[int, list[str]] = defaultdict(list)
    for name, size in packs.items():
        if size.live <= FULL_SECONDS / 2:
            tiers[size.tier].append(name)
    for tier in sorted(tiers):
        names = sorted(tiers[tier], key=lambda name: (packs[name].live, name))[:TIER]
        while sum(packs[name].live for name in names) > FULL_SECONDS:
            names.pop()
        if len(tiers[tier]) >= TIER and len(names) > 1:
            return names
    return []
