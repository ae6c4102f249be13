"""A table that can be shown on a terminal and written as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as RichTable


@dataclass(frozen=True)
class Table:
    """Rows of text; the first column is the label. `note` says how to read it. A row of `None` is a rule."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str] | None]
    note: str = ""

    def show(self, console: Console) -> None:
        """Prints it."""
        table = RichTable(title=self.title, title_justify="left", caption=self.note, caption_justify="left")
        for i, name in enumerate(self.head):
            table.add_column(name, justify="right" if i else "left", no_wrap=i == 0)
        for row in self.rows:
            if row is None:
                table.add_section()
            else:
                table.add_row(*row)
        console.print(table)

    def markdown(self) -> str:
        """A section with a heading, the table and its note."""
        lines = [f"## {self.title}", "", _line(self.head), "|---|" + "---:|" * (len(self.head) - 1)]
        lines += [_line(row) for row in self.rows if row is not None]
        return "\n".join([*lines, "", self.note, ""]) if self.note else "\n".join([*lines, ""])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"
