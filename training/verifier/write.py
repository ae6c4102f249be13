"""The engine's table: generated, readable, one coefficient a line. `engine/core/src/verify/table.rs`."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.accuracy.files import write_atomically
from bench.accuracy.truth import BadTableError

from training.verifier.terms import BOUND_WORDS, BY_NAME, LEAST_LIKELIHOOD

TABLE = Path(__file__).parents[2] / "engine/core/src/verify/table.rs"
USED_BY = TABLE.parent.with_suffix(".rs")
WIDTH = 107


@dataclass(frozen=True)
class Table:
    """What is written. Names are those of terms; `songs`: size of the catalogue that it was learned on;
    `per_log_songs`: what a score loses per ln(songs / these).
    """

    coefficients: Mapping[str, float]
    constant: float
    songs: int
    per_log_songs: float

    def constants(self) -> list[tuple[str, str, float]]:
        """Name, what it is per, and value, in the order of the file; to six digits, in the
        32 bits that the engine keeps.
        """
        rows = [(BY_NAME[n].constant, BY_NAME[n].words, v) for n, v in self.coefficients.items()]
        rows += [
            ("CONSTANT", "Without any of them.", self.constant),
            ("LEAST_LIKELIHOOD", BOUND_WORDS, LEAST_LIKELIHOOD),
            ("PER_LOG_SONGS", "What a score loses per e-fold of songs beyond `SONGS`.", self.per_log_songs),
            ("SONGS", "Songs among which it was learned.", float(self.songs)),
        ]
        return [(name, words, float(np.float32(f"{value:.6g}"))) for name, words, value in rows]


def read_constants(text: str) -> dict[str, float]:
    """Name -> value of the numbers in a table."""
    found = re.findall(r"^pub.* const ([A-Z_]+): (?:f32|u32) = (-?[0-9_.e-]+);", text, re.MULTILINE)
    return {name: float(value.replace("_", "")) for name, value in found}


def read_coefficients(text: str) -> tuple[dict[str, float], float]:
    """Coefficients by name of the term, and the constant, of a table. Raises BadTableError."""
    constants = read_constants(text)
    unknown = set(constants) - {t.constant for t in BY_NAME.values()} - OTHERS
    if unknown or "CONSTANT" not in constants:
        what = f"holds {', '.join(sorted(unknown))}, of which" if unknown else "lacks CONSTANT, of which"
        raise BadTableError(f"the engine's table {what} training knows nothing: add a term to terms.py")
    terms = {t.name: constants[t.constant] for t in BY_NAME.values() if t.constant in constants}
    return terms, constants["CONSTANT"]


OTHERS = {"VERSION", "CONSTANT", "LEAST_LIKELIHOOD", "PER_LOG_SONGS", "SONGS"}


def table_text(table: Table, provenance: Sequence[str], *, before: str, used_by: str) -> str:
    """The file: what `used_by` (the text of verify.rs) uses, and of the rest a word in the head.

    The version is that `before`, and one more where a number has changed. Raises BadTableError where
    verify.rs uses a constant that training does not make.
    """
    used = set(re.findall(r"\btable::([A-Z_]+)", used_by)) - {"VERSION"}
    rows = table.constants()
    missing = used - {name for name, _, _ in rows}
    if missing:
        raise BadTableError(
            f"verify.rs uses {', '.join(sorted(missing))}, which training does not make: "
            "add the term to training/verifier/terms.py, and to CHOSEN"
        )
    old = read_constants(before)
    written = {name: value for name, _, value in rows if name in used}
    same = {n: float(np.float32(v)) for n, v in old.items() if n != "VERSION"} == written
    version = int(old.get("VERSION", 0)) + (not same)
    head = [
        f"//! {line}".rstrip()
        for line in ("The verifier's coefficients: what each term of the score counts for.", "")
    ]
    for note in provenance:
        head += textwrap.wrap(note, WIDTH - 4, initial_indent="//! ", subsequent_indent="//! ")
    idle = [
        f"{name} {_number(value)} ({words.rstrip('.')})" for name, words, value in rows if name not in used
    ]
    if idle:
        words = f"Also learned, and not used by the engine: {'; '.join(idle)}."
        head += ["//!", *textwrap.wrap(words, WIDTH, initial_indent="//! ", subsequent_indent="//! ")]
    body = [
        f"/// {words}\npub(super) const {name}: f32 = {_number(value)};"
        for name, words, value in rows
        if name in used
    ]
    number = f"/// Raised whenever the numbers below change.\npub const VERSION: u32 = {version};\n"
    return "\n".join([*head, "", number, *body]) + "\n"


def _number(value: float) -> str:
    """The shortest decimal that is this f32, as rustfmt and clippy like it."""
    text = np.format_float_positional(np.float32(value), unique=True, trim="0")
    whole, _, rest = text.partition(".")
    if len(rest) > 5:
        rest = "_".join(textwrap.wrap(rest, 3))
    return f"{whole}.{rest}"


def write_table(text: str) -> None:
    """Replaces the engine's table."""
    with write_atomically(TABLE) as file:
        file.write(text)
