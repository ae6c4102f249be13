"""Runs the named checks, cheapest first, and sums them up in one line: `check.py [--all] NAME...`.

A check that fails does not keep the others from running, so that one run tells all that is wrong.
`--all` takes in the tests that are too heavy for every run. The names: see CHECKS.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass, field

from step import Result, Step, duration, run

CARGO_TEST = ("cargo", "test", "--workspace", "--exclude", "sonica-python")
WASM_TESTS = ("engine/wasm/test/identity.test.mjs", "engine/wasm/test/interface.test.mjs")
"""By name: not every Node takes a folder, nor every Node a pattern."""


@dataclass(frozen=True)
class Check:
    """A step, what it counts, and what `--all` adds to its last command and to its environment."""

    step: Step
    unit: str = ""
    """What it counts, in the plural; a check that should count and finds none has failed."""
    pattern: str = ""
    """Finds each count in the step's log."""
    heavy: tuple[str, ...] = ()
    heavy_variables: dict[str, str] = field(default_factory=dict)


CHECKS = {
    "format": Check(
        Step("format", "Formatting", "1 s", (("ruff", "format", "--check", "."), ("cargo", "fmt", "--check")))
    ),
    "ruff": Check(Step("ruff", "Python style (ruff)", "1 s", (("ruff", "check", "."),))),
    "imports": Check(
        Step("imports", "Who imports whom (import-linter)", "2 s", (("lint-imports", "--no-logo"),))
    ),
    "types": Check(Step("types", "Python types (mypy)", "cold 20 s, warm 2 s", (("mypy",),))),
    "clippy": Check(
        Step(
            "clippy",
            "Rust style (clippy)",
            "cold 1 min, warm 2 s",
            (("cargo", "clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"),),
        )
    ),
    "biome": Check(
        Step(
            "biome",
            "TypeScript style (biome)",
            "1 s",
            (("biome", "ci", "--error-on-warnings", "--colors=off", "."),),
        )
    ),
    "tsc": Check(Step("tsc", "TypeScript types (tsc)", "10 s", (("pnpm", "-r", "run", "types"),))),
    "python": Check(
        # A file's tests share what is slow to make, and so run in one process.
        Step("python-tests", "Python tests", "13 min", (("pytest", "-n", "auto", "--dist", "loadfile"),)),
        "Python tests",
        r"(\d+) passed",
        ("-m", "heavy or not heavy"),
        {"HYPOTHESIS_PROFILE": "heavy"},
    ),
    "rust": Check(
        Step("rust-tests", "Rust tests", "cold 3 min, warm 30 s", (CARGO_TEST,)),
        "Rust tests",
        r"test result: ok\. (\d+) passed",
        ("--", "--include-ignored"),
        {"PROPTEST_CASES": "3000"},
    ),
    "wasm-build": Check(
        Step("wasm-build", "Engine for WebAssembly", "cold 5 min, warm 2 s", (("engine/wasm/build.sh",),))
    ),
    "wasm": Check(
        Step(
            "wasm-tests",
            "WebAssembly tests, under Node",
            "30 s",
            (("node", "--test", *WASM_TESTS),),
        ),
        "WebAssembly tests",
        r"(?m)^(?:#|ℹ) pass (\d+)",
    ),
    "engine-browser": Check(
        Step(
            "engine-browser",
            "Engine in Chromium and workerd",
            "2 min",
            (
                ("pnpm", "--filter", "@sonica/engine", "run", "build"),
                ("pnpm", "--filter", "@sonica/engine", "run", "test"),
            ),
        ),
        "tests in browsers",
        r"(?m)^(?:#|ℹ) pass (\d+)",
    ),
    "sdk": Check(
        Step(
            "sdk-tests", "Client in TypeScript", "10 s", (("pnpm", "--filter", "@sonica/sdk", "run", "test"),)
        ),
        "tests of the client in TypeScript",
        r"(?m)Tests .*?(\d+) passed",
    ),
    "web-build": Check(
        Step(
            "web-build",
            "Web app, into clients/web/out",
            "1 min",
            tuple(("pnpm", "--filter", f"@sonica/{name}", "run", "build") for name in ("engine", "web")),
        )
    ),
    "web": Check(
        Step("web-tests", "Web app", "20 s", (("pnpm", "--filter", "@sonica/web", "run", "test"),)),
        "tests of the web app",
        r"(?m)Tests .*?(\d+) passed",
    ),
    "browser": Check(
        Step(
            "browser-tests",
            "Web app in Chromium, with a service",
            "6 min",
            (("pnpm", "--filter", "@sonica/web", "run", "e2e"),),
        ),
        "tests of the web app in Chromium",
        r"(?m)^\s*(\d+) passed \(",
    ),
}
LINTERS = ("format", "ruff", "imports", "types", "clippy", "biome", "tsc")
TESTS = ("sdk", "web", "python", "rust", "wasm-build", "wasm", "engine-browser", "web-build", "browser")
GROUPS = {"lint": LINTERS, "test": LINTERS + TESTS}


def perform(check: Check, *, everything: bool) -> tuple[bool, str]:
    """Runs a check; whether it passed, and what it counted (`57 Python tests`, or nothing)."""
    step = check.step
    if everything:
        *first, last = step.commands
        commands = (*first, last + check.heavy)
        step = Step(step.name, step.title, step.takes, commands, check.heavy_variables)
    result = run(step)
    if not result.ok or not check.unit:
        return result.ok, ""
    return counted(check, result)


def counted(check: Check, result: Result) -> tuple[bool, str]:
    """How many tests a passed step ran; none is a failure, for it proves nothing."""
    total = sum(map(int, re.findall(check.pattern, result.log)))
    if total == 0:
        print(f"  ✗ {check.step.title}: none ran.")
    return total > 0, f"{total} {check.unit}"


def main(arguments: list[str]) -> int:
    """Runs the checks and prints the summary; 1 when any failed."""
    everything = "--all" in arguments
    asked = [name for name in arguments if name != "--all"]
    names = [name for group in asked for name in GROUPS.get(group, (group,))]
    if not names or any(name not in CHECKS for name in names):
        print(f"{__doc__}\nChecks: {', '.join([*GROUPS, *CHECKS])}")
        return 2
    start = time.monotonic()
    outcomes = {name: perform(CHECKS[name], everything=everything) for name in names}
    took = duration(time.monotonic() - start)
    failed = [CHECKS[name].step.title for name, (ok, _) in outcomes.items() if not ok]
    linters = sum(name in LINTERS for name in names)
    ran = [f"{linters} linters"] * bool(linters) + [count for _, count in outcomes.values() if count]
    verdict = f"Failed: {', '.join(failed)}" if failed else "All passed"
    counts = f" ({'; '.join(ran)})" if ran else ""
    print(f"\n  {verdict}{counts} in {took}.")
    # The line that a continuous integration looks for, whatever ran: tests where there were any.
    tests = sum(int(count.split()[0]) for _, count in outcomes.values() if count)
    print(f"{tests or len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
