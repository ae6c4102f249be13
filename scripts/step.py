"""Runs one step of `make` quietly: a heading, the time it took, and its log only when it fails.

`V=1` in the environment shows every line as it comes. Needs nothing but Python, because it runs
before anything is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_FOLDER = ROOT / "build" / "node"
"""Where `make setup` puts Node and pnpm."""
LOGS = ROOT / "build" / "logs"
CLEAR = "\r\033[K"
"""Back to the start of the line, and empty it."""
LAST_LINES = 60
"""How much of a failed step's log is shown."""


@dataclass(frozen=True)
class Step:
    """One thing to do: its commands run one after another until one fails."""

    name: str
    """Short, in lower case: the log is build/logs/NAME.log."""
    title: str
    """What a person reads."""
    takes: str
    """How long it may take, cold and warm."""
    commands: tuple[tuple[str, ...], ...]
    variables: dict[str, str] = field(default_factory=dict)
    """What is added to the environment of its commands."""


@dataclass(frozen=True)
class Result:
    """How a step ended."""

    ok: bool
    seconds: float
    log: str


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 20 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def environment() -> dict[str, str]:
    """What every command sees: tools that were set up here first, and no Python of another environment."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX"}
    env = {name: value for name, value in os.environ.items() if name not in foreign}
    env["VIRTUAL_ENV"] = str(VENV)
    ours = (VENV / "bin", ROOT / "node_modules" / ".bin", NODE_FOLDER / "node_modules" / ".bin")
    env["PATH"] = os.pathsep.join([*map(str, ours), env.get("PATH", os.defpath)])
    env["NEXT_TELEMETRY_DISABLED"] = "1"
    env["PYO3_PYTHON"] = str(VENV / "bin" / "python")
    return env


def run(step: Step) -> Result:
    """Runs the step, says how it went, and keeps the log of a failure under build/logs/."""
    loud = os.environ.get("V") == "1"
    screen = Screen(f"{step.title} ({step.takes})", live=sys.stdout.isatty() and not loud)
    with tempfile.TemporaryFile() as file:
        env = environment() | step.variables
        ok = all(_succeeds(command, env, file, screen, loud=loud) for command in step.commands)
        file.seek(0)
        log = file.read().decode(errors="replace")
    seconds = time.monotonic() - screen.start
    screen.end(f"{'✓' if ok else '✗'} {step.title}: {duration(seconds)}")
    if not ok and not loud:
        _show(step, log)
    return Result(ok, seconds, log)


class Screen:
    """The line of a running step: on a terminal it counts the seconds and is then written over."""

    def __init__(self, text: str, *, live: bool) -> None:
        self.start = time.monotonic()
        self._text = text
        self._live = live
        print(f"  … {text}", end="" if live else "\n", flush=True)

    def tick(self) -> None:
        """Shows how long it has been."""
        if self._live:
            passed = duration(time.monotonic() - self.start)
            print(f"{CLEAR}  … {self._text} {passed}", end="", flush=True)

    def end(self, text: str) -> None:
        """Writes how it went."""
        print(f"{CLEAR if self._live else ''}  {text}", flush=True)


def _succeeds(
    command: tuple[str, ...], env: dict[str, str], log: IO[bytes], screen: Screen, *, loud: bool
) -> bool:
    """Runs one command to its end; its output goes into the log and, when loud, also to the screen."""
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if loud else log,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        message = f"{command[0]} does not start ({error}); `make setup` says what is missing.\n"
        log.write(message.encode())
        print(message if loud else "", end="")
        return False
    with process:
        try:
            for line in process.stdout or ():
                log.write(line)
                print(f"      {line.decode(errors='replace')}", end="", flush=True)
            while True:
                try:
                    return process.wait(timeout=1) == 0
                except subprocess.TimeoutExpired:
                    screen.tick()
        except KeyboardInterrupt:
            process.wait()  # it got the same signal; let it leave its files in order
            print("\n  Interrupted. The same command goes on from here.")
            raise SystemExit(130) from None


def _show(step: Step, log: str) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{step.name}.log"
    path.write_text(log)
    lines = log.rstrip().splitlines()
    left_out = len(lines) - LAST_LINES
    if left_out > 0:
        print(f"      ({left_out} lines before these are in {path.relative_to(ROOT)})")
    print("\n".join(f"      {line}" for line in lines[-LAST_LINES:]), flush=True)
