"""Listening for a while: a clip of 15 s is asked again and again, each time with all that was heard so far.

A look is a query of its own: its name is that of the clip, `@` and the seconds heard, and these seconds are
its length, so that whatever answers, judges and reports queries does so with looks. Its fingerprint is that
of the beginning of the clip: the same bytes as a stream's snapshot at that moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bench.accuracy.truth import BadTableError, Query
from sonica.recognition import LOOKS


def looks_of(queries: Iterable[Query], looks: Sequence[float] = LOOKS) -> list[Query]:
    """Each look at each clip; none beyond a clip's end. Raises BadTableError where a clip ends before all."""
    found = []
    for query in queries:
        within = [seconds for seconds in sorted(looks) if seconds <= query.length_s]
        if not within:
            raise BadTableError(f"{query.name} ends before the first look: make clips with --lengths 15")
        found += [replace(query, name=f"{query.name}@{s:g}", length_s=s) for s in within]
    return found


def clip_of(look: str) -> str:
    """The name of the clip, which is also the name of its file; a name without a look stays."""
    clip, is_look, _ = look.rpartition(".wav@")
    return f"{clip}.wav" if is_look else look
