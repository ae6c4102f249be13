"""python -m bench.guard: holds the engine against the baseline, or makes it the baseline."""

import sys
from typing import Annotated

import typer

from bench.accuracy.system import Sonica
from bench.guard.baseline import ADVICE, BASELINE, ask, compared, counted, read_baseline, write_baseline
from bench.guard.questions import songs


def main(
    *, renew: Annotated[bool, typer.Option("--renew", help="Make today's answers the baseline.")] = False
) -> None:
    """Fails on five lost hits or one new false accept."""
    now = counted(*ask(Sonica(), songs()))
    for what, n in now.asked.items():
        print(f"{what:<20} {len(now.hits.get(what, ())):>3} of {n} named rightly")
    print(f"{'false accepts':<20} {len(now.false):>3}")
    if BASELINE.exists():
        verdict = compared(read_baseline(), now)
        print(verdict.text())
        if not renew and not verdict.ok:
            sys.exit(ADVICE)
    if renew:
        write_baseline(now)
        print(f"written: {BASELINE}")


if __name__ == "__main__":
    typer.run(main)
