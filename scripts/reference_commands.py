"""The page of all commands: the help of each, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent, indent
from typing import Any

import typer

from sonica.cli.errors import Exit
from sonica.cli.main import COMMANDS, command_line

HEAD = """\
# All commands

`sonica COMMAND --help` says the same in the terminal, and `sonica --install-completion` has the Tab key
complete names and numbers. Commands that print say it as JSON, one object a line, with `--json`.
Settings are [variables](settings.md).

This page is made of the code by `make reference`.
"""
SAID = {
    Exit.DONE: "done; also where no song was found, for that is an answer",
    Exit.FAILED: "it could not be done; what to do next stands on stderr",
    Exit.USAGE: "called wrongly",
    Exit.UNREADABLE_FILE: "a file could not be read; the others were answered",
    Exit.INTERRUPTED: "ended by Ctrl-C",
}
"""What each exit status means, where the command says nothing else."""


def page() -> str:
    """The page, in Markdown."""
    statuses = "\n".join(f"| {status.value} | {SAID[status]} |" for status in Exit)
    head = f"{HEAD}\n| exit status | |\n|---|---|\n{statuses}\n"
    panels = dict.fromkeys(panel for panel, _, _ in COMMANDS.values())
    parts = [head]
    for panel in panels:
        parts.append(f"\n## {panel}\n")
        for name, (of, _, _) in COMMANDS.items():
            if of == panel:
                parts += _command(("sonica", name), _loaded(name))
    return "\n".join(parts)


def names() -> Iterator[str]:
    """The words of every command, such as `sonica songs list`."""
    for name in COMMANDS:
        command = _loaded(name)
        yield f"sonica {name}"
        yield from (f"sonica {name} {inner}" for inner in getattr(command, "commands", {}))


def _loaded(name: str) -> Any:
    """A command, or a group of commands, as Typer has it."""
    group: Any = typer.main.get_command(command_line([name]))
    return group.commands[name]


def _command(words: tuple[str, ...], command: Any) -> Iterator[str]:
    context = command.context_class(command, info_name=" ".join(words))
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"### `{' '.join(words)}`\n"
    yield _prose(command.help or "")
    options = [
        record
        for parameter in command.get_params(context)
        if parameter.name != "help" and (record := parameter.get_help_record(context))
    ]
    inner = getattr(command, "commands", {})
    if not inner:
        yield f"    {' '.join(words)} {usage}\n"
    if options:
        rows = [f"| `{_cell(name)}` | {_cell(said)} |" for name, said in options]
        yield "\n".join(["| | |", "|---|---|", *rows]) + "\n"
    for name, one in inner.items():
        yield from _command((*words, name), one)


def _prose(said: str) -> str:
    """The text of a help: what it marks to be kept as it is becomes a block of code."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", said.strip()):
        if not paragraph.startswith("\b\n"):
            parts.append(" ".join(paragraph.split()))
            continue
        heading, _, rest = paragraph[2:].partition("\n")
        title = re.fullmatch(r"\[bold\](.+)\[/bold\]", heading.strip())
        lines = rest if title else paragraph[2:]
        parts.append(f"*{title[1]}:*" if title else "")
        parts.append(indent(dedent(lines), "    "))
    return "\n\n".join(part for part in parts if part).replace("\\[", "[") + "\n"


def _cell(said: str) -> str:
    return " ".join(said.split()).replace("|", "\\|")
