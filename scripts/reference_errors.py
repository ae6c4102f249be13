"""The page of all errors, read from where the code raises them: what each says, and what to do."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from sonica.audio.errors import HINTS
from sonica.gateway.advice import ADVICE
from sonica.gateway.problems import TITLES, Problem
from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure

SOURCES = Path(__file__).resolve().parent.parent / "src" / "sonica"
HEAD = """\
# All errors

What Sonica says when something is wrong, by its code, and what to do about it. `…` stands for a name or
a number. By what is seen: [troubleshooting](../operating/troubleshoot.md).

This page is made of the code by `make reference`.

## Of commands, and in the log

A command says the message and the hint on stderr; with `--json`, and in lines of the log, there is the
code, too.
"""
HTTP = """
## Over HTTP

A failure is a problem document (RFC 9457). Its `type` is `/problems/` and one of these, and the service
has a page at that address; `code` tells causes of one type apart.
"""
PARTS = {
    "platform": "Settings, database, places",
    "audio": "Sound and files",
    "catalogue": "The collection",
    "recognition": "Answers",
    "gateway": "The service",
    "work": "Background work",
    "client": "The client for Python",
    "cli": "Commands",
}
"""Folders of the code, and what their errors are about."""
GAP = "…"


class Said(NamedTuple):
    """One place that raises: `problem` is of HTTP, and of which type and status."""

    part: str
    code: str
    message: str
    hint: str
    problem: str = ""
    status: int = 0


def page() -> str:
    """The page, in Markdown."""
    found = raised()
    parts = [HEAD]
    for part, title in PARTS.items():
        codes: dict[str, list[Said]] = defaultdict(list)
        for one in found:
            if one.part == part and not one.problem and one.code:
                codes[one.code].append(one)
        if codes:
            rows = [_row(code, codes[code]) for code in sorted(codes)]
            parts.append(
                "\n".join([f"\n### {title}\n", "| code | says | what to do |", "|---|---|---|", *rows])
            )
    parts.append(HTTP)
    parts += [_problem(name, found) for name in sorted(TITLES)]
    return "\n".join(parts) + "\n"


def raised() -> list[Said]:
    """Every place in the code that raises an error with a code, in the order of files and lines."""
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        name = ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts).removesuffix(".__init__")
        for scope, calls in _calls(ast.parse(path.read_text())):
            reader = _Reader(scope, import_module(name))
            found += [said for call in calls if (said := reader.said(call, _part(path))) is not None]
    return found


def _calls(tree: ast.Module) -> Iterator[tuple[ast.AST, list[ast.Call]]]:
    """The calls that may raise, by the function that they stand in."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in (tree, *functions):
        calls = [node for node in _inside(scope) if isinstance(node, ast.Call) and _may_raise(node)]
        if calls:
            yield scope, sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """All below a scope but what is in functions of its own."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from _inside(node)


def _part(path: Path) -> str:
    parts = path.relative_to(SOURCES).parts
    return parts[0] if parts[0] in PARTS else "cli"


def _may_raise(call: ast.Call) -> bool:
    name = getattr(call.func, "id", "")
    return name.endswith("Error") or name in {"Failure", "Problem"}


class _Reader:
    """Reads what errors of one module say. Names stand for what the module, or the function, gives them."""

    def __init__(self, scope: ast.AST, module: ModuleType) -> None:
        self.module = module
        self.given: dict[str, list[tuple[int, ast.expr]]] = defaultdict(list)
        for node in _inside(scope):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.given[node.targets[0].id].append((node.lineno, node.value))

    def said(self, call: ast.Call, part: str) -> Said | None:
        """What a call raises; None where it raises nothing of ours, or passes on what another did."""
        made: Any = getattr(self.module, getattr(call.func, "id", ""), None)
        if not isinstance(made, type) or not issubclass(made, SonicaError | Failure | Problem):
            return None
        named = {word.arg: word.value for word in call.keywords if word.arg}
        if made is Problem:
            status, type_, detail = [*call.args, *[ast.Constant("")] * 3][:3]
            if not isinstance(type_, ast.Constant) or not isinstance(status, ast.Constant):
                return None
            code = self.text(named["code"]) if "code" in named else ""
            code = code if re.fullmatch(r"[a-z_]+", code) else ""
            number = status.value if isinstance(status.value, int) else 0
            return Said(part, code, self.text(detail), "", str(type_.value), number)
        values = dict(zip(("code", "message", "hint"), call.args, strict=False)) | named
        code, message, hint = (
            self.text(values[key]) if key in values else "" for key in ("code", "message", "hint")
        )
        hints: Mapping[Any, str] = HINTS if part == "audio" else {}
        hint = hint.strip() if hint.strip(f" {GAP}") else hints.get(code, "")
        if not re.fullmatch(r"[a-z_]+", code) or not (message.strip(f" {GAP}.") or hint):
            return None
        return Said(part, code, message, hint)

    def text(self, node: ast.expr) -> str:
        """What an expression says, with a gap for what is known only while it runs."""
        said = GAP
        if isinstance(node, ast.Constant):
            said = str(node.value)
        elif isinstance(node, ast.JoinedStr):
            said = "".join(map(self.text, node.values))
        elif isinstance(node, ast.FormattedValue):
            is_constant = isinstance(node.value, ast.Name) and node.value.id.isupper()
            said = self.text(node.value) if is_constant else GAP
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            said = self.text(node.left) + self.text(node.right)
        elif isinstance(node, ast.IfExp):
            said = self.text(node.body)
        elif isinstance(node, ast.Name):
            said = self._named(node)
        return said

    def _named(self, node: ast.Name) -> str:
        """A constant of the module, or what was last given to the name above."""
        value = getattr(self.module, node.id, None)
        if isinstance(value, str | int):
            return str(value)
        above = [given for line, given in self.given[node.id] if line <= node.lineno]
        return self.text(above[-1]) if above and not isinstance(above[-1], ast.Name) else GAP


def _row(code: str, places: list[Said]) -> str:
    messages = dict.fromkeys(_cell(one.message) for one in places)
    hints = dict.fromkeys(_cell(one.hint) for one in places if one.hint)
    return f"| `{code}` | {'<br>'.join(messages)} | {'<br>'.join(hints) or 'The message says it.'} |"


def _cell(said: str) -> str:
    return " ".join(said.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _problem(name: str, found: list[Said]) -> str:
    of_type = [one for one in found if one.problem == name]
    statuses = ", ".join(str(status) for status in sorted({one.status for one in of_type if one.status}))
    codes = ", ".join(f"`{code}`" for code in sorted({one.code for one in of_type if one.code}))
    advice = ADVICE[name]
    lines = [f"\n### `{name}`\n", f"{TITLES[name]}{f' ({statuses})' if statuses else ''}. {advice.meaning}\n"]
    lines += [f"- {todo}" for todo in advice.todo]
    if codes:
        lines.append(f"- Codes: {codes}")
    return "\n".join(lines)
