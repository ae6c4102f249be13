"""The engine's table: generated, readable, one tree a line. `engine/core/src/verify/table.rs`."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.accuracy.files import write_atomically
from bench.accuracy.truth import BadTableError

from sonica import _engine
from training.verifier.terms import BOUND
from training.verifier.trees import Forest, Question, Tree

TABLE = Path(__file__).parents[2] / "engine/core/src/verify/table.rs"
WIDTH = 107

_NUMBER = r"(-?[0-9_.]+|INFINITY)"
_ASKS = rf"\((\w+), {_NUMBER}\)"
_TREE = re.compile(
    rf"Tree {{ first: {_ASKS}, then: \[{_ASKS}, {_ASKS}\], "
    rf"adds: \[\[{_NUMBER}, {_NUMBER}\], \[{_NUMBER}, {_NUMBER}\]\] }}"
)


@dataclass(frozen=True)
class Table:
    """What is written. `songs`: size of the catalogue that it was learned on; `per_log_songs`: what a score
    loses per ln(songs / these).
    """

    forest: Forest
    songs: int
    per_log_songs: float

    def constants(self) -> list[tuple[str, str, float]]:
        """Name, what it is, and value, of all but the trees."""
        return [
            ("CONSTANT", "The score before any tree adds to it.", self.forest.constant),
            ("BOUND", "No score is higher than the likelihood less this (nats).", BOUND),
            (
                "PER_LOG_SONGS",
                "What a score loses per e-fold of songs; below 0, fewer songs than `SONGS` cost.",
                self.per_log_songs,
            ),
            ("SONGS", "Songs among which it was learned.", float(self.songs)),
        ]


def table_text(table: Table, provenance: Sequence[str], *, before: str) -> str:
    """The file. The version is that `before`, and one more where a number has changed."""
    trees = table.forest.trees
    used = {name for tree in trees for name, _ in (tree.first, *tree.then)}
    features = [(i, name) for i, name in enumerate(_engine.FEATURES) if name in used]
    body = ["use super::Tree;", ""]
    body += [f"const {name.upper()}: usize = {i};" for i, name in features]
    if any(np.isinf(most) for tree in trees for _, most in tree.then):
        body += ["const INFINITY: f32 = f32::INFINITY;"]
    for name, words, value in table.constants():
        body += ["", f"/// {words}", f"pub(super) const {name}: f32 = {_number(value)};"]
    body += ["", "/// What is asked, and what the answers add.", "#[rustfmt::skip]"]
    body += [f"pub(super) const TREES: [Tree; {len(trees)}] = [", *map(_line, trees), "];"]
    numbers = "\n".join(body) + "\n"
    old = int(read_constants(before).get("VERSION", 0))
    version = old + (not before.endswith(numbers))
    head = [
        "//! The verifier's table: what it asks of an alignment, and what each answer adds to the score.",
        "//!",
    ]
    for note in provenance:
        head += textwrap.wrap(note, WIDTH - 4, initial_indent="//! ", subsequent_indent="//! ")
    number = f"/// Raised whenever the numbers below change.\npub const VERSION: u32 = {version};\n"
    return "\n".join([*head, "", number, numbers])


def read_constants(text: str) -> dict[str, float]:
    """Name -> value of the single numbers in a table."""
    found = re.findall(r"^pub.* const ([A-Z_]+): (?:f32|u32) = (-?[0-9_.e-]+);", text, re.MULTILINE)
    return {name: float(value.replace("_", "")) for name, value in found}


def read_table(text: str) -> Table:
    """What a table holds. Raises BadTableError."""
    constants = read_constants(text)
    trees = [_read(found.groups()) for found in _TREE.finditer(text)]
    missing = {"CONSTANT", "PER_LOG_SONGS", "SONGS"} - set(constants)
    if missing or not trees or len(trees) != text.count("Tree {"):
        raise BadTableError(f"{TABLE.name} is no table of trees: write it anew with `make train`")
    forest = Forest(trees, constants["CONSTANT"])
    return Table(forest, int(constants["SONGS"]), constants["PER_LOG_SONGS"])


def _read(found: Sequence[str]) -> Tree:
    asks = [(found[i].lower(), _value(found[i + 1])) for i in (0, 2, 4)]
    a, b, c, d = map(_value, found[6:])
    return Tree(asks[0], (asks[1], asks[2]), ((a, b), (c, d)))


def _value(text: str) -> float:
    return float("inf") if text == "INFINITY" else float(text.replace("_", ""))


def _line(tree: Tree) -> str:
    asks = [_asked(question) for question in (tree.first, *tree.then)]
    adds = [f"[{_number(low)}, {_number(high)}]" for low, high in tree.adds]
    return f"    Tree {{ first: {asks[0]}, then: [{asks[1]}, {asks[2]}], adds: [{adds[0]}, {adds[1]}] }},"


def _asked(question: Question) -> str:
    name, most = question
    return f"({name.upper()}, {_number(most)})"


def _number(value: float) -> str:
    """To six digits, the shortest decimal that is this f32, as clippy likes it."""
    if np.isinf(value):
        return "INFINITY"
    text = np.format_float_positional(np.float32(f"{value:.6g}"), unique=True, trim="0")
    whole, _, rest = text.partition(".")
    if len(rest) > 5:
        rest = "_".join(textwrap.wrap(rest, 3))
    return f"{whole}.{rest}"


def write_table(text: str) -> None:
    """Replaces the engine's table."""
    with write_atomically(TABLE) as file:
        file.write(text)
