"""`sonica dedupe`: recordings that are in the collection twice."""

from typing import Annotated

import typer
from pydantic import BaseModel
from rich.text import Text

from sonica.catalogue import Catalogue, Entry, Link
from sonica.cli.console import counted, err, minutes, out, plain, print_json
from sonica.cli.progress import counting
from sonica.library import song_ref
from sonica.platform.settings import load_settings
from sonica.recognition import SongRef


class Line(BaseModel):
    """Two recordings of different songs that share sound, as `--json` tells them; see `Link`."""

    song: SongRef
    other: SongRef
    kind: str
    share: float
    offset_s: float
    speed: float


def dedupe(
    *,
    apply: Annotated[
        bool,
        typer.Option("--apply", help="Join recordings that are the same; link the related."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each pair.")] = False,
) -> None:
    """Find recordings that are in the collection more than once.

    Every recording is held against all others: where 85% of the longer one
    lies along the other, at one offset and speed, they are the same; from
    30% on they share a part. `sonica add` looks for this, too; here it is
    done for all at once, such as after `sonica add --no-dedupe`. Files are
    never touched, and `sonica songs split` undoes each.

    \b
    [bold]Examples[/bold]
      sonica dedupe             tells only
      sonica dedupe --apply     asks, then joins and links
      sonica dedupe --json > pairs.jsonl

    \b
    [bold]Exit status[/bold]
      0  done
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    catalogue = Catalogue(load_settings().find_home())
    with counting("Comparing") as on_recording:
        links = catalogue.duplicates(on_recording)
    known = catalogue.describe({id_ for link in links for id_ in link.recordings})
    links = [link for link in links if all(id_ in known for id_ in link.recordings)]  # not removed meanwhile
    for link in links:
        one, other = (known[id_] for id_ in link.recordings)
        if json:
            print_json(_json(link, one, other))
        else:
            out.print(_shown(link, one, other), soft_wrap=True)
    same = sum(link.kind == "same" for link in links)
    if not json:
        out.print(
            f"{counted(same, 'recording')} there already under another song, "
            f"{counted(len(links) - same, 'pair')} that share a part."
        )
    if not apply or not links:
        if links and not json:
            err.print("Nothing was changed; --apply does so.")
        return
    if not yes:
        typer.confirm(f"Join {counted(same, 'recording')} and link the others?", abort=True, err=True)
    catalogue.link(links)
    if not json:
        out.print(f"Done. Sonica knows {counted(len(catalogue.songs()), 'song')} now.")


def _json(link: Link, one: Entry, other: Entry) -> Line:
    return Line(
        song=song_ref(one),
        other=song_ref(other),
        kind=link.kind,
        share=link.share,
        offset_s=link.offset_s,
        speed=link.speed,
    )


def _shown(link: Link, one: Entry, other: Entry) -> Text:
    what = "the same" if link.kind == "same" else "shares a part"
    line = Text.assemble((f"{what:>14}  {link.share:>4.0%}  ", "green" if link.kind == "same" else "cyan"))
    for index, entry in enumerate((one, other)):
        line.append("  and  " if index else "")
        line.append(plain(entry.song.title) or "(no title)", style="bold")
        length = minutes(entry.recording.duration_s)
        line.append(f" (song {entry.song.id}, recording {entry.recording.id}, {length})", style="dim")
    return line
