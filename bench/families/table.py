"""Everything on one screen: what was named, by family and part."""

from collections import Counter
from collections.abc import Callable, Sequence

from bench.accuracy.tables import Table
from bench.families.measure import Asked, Outcome, Part

HEARD = {
    Part.SHARED: "shared",
    Part.OWN: "its own",
    Part.MASKED: "absent",
}
NOTE = (
    "Percent of queries of 10, 5 and 3 s, each clean, in pink noise at 10 dB, and 10 % faster. Shared: what "
    "was heard is in several recordings; right is to name them together, and one alone is a guess. Its own: "
    "in no other recording; right is that one alone. Absent: the same where the recording is not indexed; "
    "what is then named is a relative, or worse."
)
GROUPS: tuple[Callable[[Asked], str], ...] = (
    lambda one: one.kind,
    lambda one: f"all, {one.seconds} s",
    lambda one: f"all, {one.condition}",
)


def table_of(asked: Sequence[Asked], about: str) -> Table:
    """A row a kind and part; then all kinds, by length and by condition."""
    head = ["family", "heard", "queries", *(outcome.value for outcome in Outcome)]
    rows: list[list[str] | None] = []
    for group in GROUPS:
        for part, heard in HEARD.items():
            grouped: dict[str, list[Outcome]] = {}
            for one in asked:
                if one.part is part:
                    grouped.setdefault(group(one), []).append(one.outcome)
            rows += [_row(label, heard, outcomes) for label, outcomes in grouped.items()]
        rows.append(None)
    return Table("Songs that share material", head, rows[:-1], f"{about}. {NOTE}")


def _row(label: str, heard: str, outcomes: Sequence[Outcome]) -> list[str]:
    counts = Counter(outcomes)
    shares = [f"{100 * counts[o] / len(outcomes):.1f}" if counts[o] else "·" for o in Outcome]
    return [label, heard, str(len(outcomes)), *shares]
