"""Cross-validation by song: whoever is judged has learned from no query of that song, nor of a relative's."""

from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import GroupKFold

from training.verifier.asks import Asks, Ints, Kin

FOLDS = 5


def families(songs: Sequence[str], kin: Kin) -> Ints:
    """A number for each song, the same for all that are related to one another, however far."""
    number = {song: i for i, song in enumerate(songs)}
    head = list(range(len(songs)))

    def find(i: int) -> int:
        while head[i] != i:
            i = head[i]
        return i

    for i, song in enumerate(songs):
        # A relative need not be in the catalogue to tie two songs together.
        for other in sorted(kin.of(song)):
            for far in {other, *kin.of(other)} & number.keys():
                head[find(number[far])] = find(i)
    return np.array([find(i) for i in range(len(songs))], np.int64)


def fold_of(asks: Asks, kin: Kin, *, folds: int = FOLDS) -> Ints:
    """The fold of each ask, 0 to `folds` - 1. Raises ValueError where there are fewer families than folds."""
    groups = families(asks.songs, kin)[asks.song_of]
    if len(set(groups.tolist())) < folds:
        raise ValueError(f"{folds} folds need as many unrelated songs: ask more songs")
    result = np.zeros(len(asks), np.int64)
    nothing = np.zeros((len(asks), 1))
    for fold, (_, judged) in enumerate(GroupKFold(folds).split(nothing, groups=groups)):
        result[judged] = fold
    return result
