"""`sonica monitor`: what a radio station plays, for days."""

import datetime as dt
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Self
from urllib.parse import urlsplit, urlunsplit

import typer
from rich.live import Live
from rich.text import Text

from sonica.audio import BROADCAST, AudioError, Sandbox, open_raw
from sonica.audio.broadcast import checked_url
from sonica.audio.station import Away, Sound, hear
from sonica.cli.card import certainty, describe_change
from sonica.cli.console import counted, err, minutes, out, plain, print_json
from sonica.cli.errors import draw_hint
from sonica.cli.thresholds import chosen_thresholds
from sonica.library import Recognizer
from sonica.platform.files import shown_path
from sonica.platform.settings import load_settings, without_user
from sonica.platform.webhooks import checked_address, read_secret
from sonica.recognition.monitor import Monitor, Play, Told
from sonica.work.monitoring import Event, GapData, StationLog, open_log

RAW = {".raw", ".pcm"}
"""Endings of files of raw samples."""
LEAST_GAP_S = 1.0
"""A shorter one is none that anybody could hear."""


def monitor(
    source: Annotated[
        str,
        typer.Argument(
            help="Address of a stream or playlist; or a file; - for raw samples (16 bits, mono, 48 kHz).",
            metavar="URL",
        ),
    ],
    *,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Append a line for each play.", metavar="FILE")
    ] = None,
    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", help="Append a JSON object for each event.", metavar="FILE")
    ] = None,
    webhook: Annotated[str, typer.Option(help="Send each event there, signed.", metavar="URL")] = "",
    secret_file: Annotated[
        Path | None,
        typer.Option(help="What to sign with; else SONICA_WEBHOOK_SECRET.", metavar="FILE"),
    ] = None,
    name: Annotated[
        str, typer.Option(help="What to call the station; else its address.", metavar="NAME")
    ] = "",
    give_up_after: Annotated[
        float | None,
        typer.Option(help="End after so long without any sound; else never.", min=0.0, metavar="SECONDS"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each event.")] = False,
) -> None:
    """Log what a radio station plays, for days.

    Each song that Sonica knows is told once when it begins, about ten seconds
    later, and once when it is over, with both times. What Sonica does not know
    is passed over. A connection that breaks is opened again, for ever, and
    each gap is logged. Killed and started again, it goes on where it was.

    \b
    [bold]Examples[/bold]
      sonica monitor https://radio.example/stream.mp3
      sonica monitor https://radio.example/listen.pls --csv plays.csv
      sonica monitor URL --webhook https://example.org/plays --secret-file secret
      sonica monitor URL --json | jq -r 'select(.type == "played").data.song.title'
      ffmpeg -v error -i URL -f s16le -ac 1 -ar 48000 - | sonica monitor - --name fm

    \b
    [bold]Exit status[/bold]
      0  it was told to stop (Ctrl-C, SIGTERM) or the file ended
      2  wrong usage
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    is_url = "://" in source
    if is_url:
        checked_url(source)
    hook = (checked_address(webhook), read_secret(secret_file)) if webhook else None
    home = load_settings().create_home()
    recognizer = Recognizer(home, chosen_thresholds(home))
    if len(recognizer) == 0:
        err.print("Sonica knows no songs yet, so it can name none.", style="yellow")
        draw_hint("Add some with `sonica add FOLDER`; they are named from then on.")
    with ExitStack() as stack:
        stop = stack.enter_context(_stopping())
        screen = stack.enter_context(_Screen(is_json=json))
        log = stack.enter_context(
            open_log(
                home,
                name or _shown(source),
                csv_file=csv,
                jsonl_file=jsonl,
                webhook=hook,
                on_event=screen.show,
                on_trouble=screen.warn,
            )
        )
        sandbox = stack.enter_context(Sandbox(1))
        items = hear(sandbox, source, give_up_after_s=give_up_after) if is_url else _file(sandbox, source)
        goes_on = is_url or source == "-"  # a file begins anew
        _follow(recognizer, items, log, screen, stop, goes_on=goes_on)
    if hook and log.left:
        err.print(f"{counted(log.left, 'event')} could not be delivered yet, and will be at the next start.")


def _follow(
    recognizer: Recognizer,
    items: Iterator[Sound | Away],
    log: StationLog,
    screen: "_Screen",
    stop: "_Stop",
    *,
    goes_on: bool,
) -> None:
    """Everything from now to the end."""
    known = log.memory if goes_on else None
    follower = Monitor(
        recognizer, playing=known.playing if known else None, recent=known.recent if known else ()
    )
    heard_s = known.heard_until_s if known else 0.0
    reason = "The monitor was not running."

    def tell(what: Iterator[Told], until_s: float) -> None:
        for told in what:
            log.told(told, follower.memory, until_s)

    try:
        while (item := stop.wait(items)) is not None:
            if isinstance(item, Away):
                reason = item.error.message
                screen.away(item)
                tell(follower.idle(time.time()), heard_s)
                continue
            if item.is_new:
                tell(follower.idle(item.at_s), heard_s)
                if heard_s and item.at_s - heard_s >= LEAST_GAP_S:
                    log.gap(heard_s, item.at_s, reason)
            tell(follower.push(item.samples, item.rate, item.at_s), item.at_s)
            heard_s = max(heard_s, item.at_s + len(item.samples) / item.rate)
            log.heard(follower.memory, heard_s)
            screen.now(follower.playing)
    except AudioError:  # the sound is over; after any other failure the play goes on at the next start
        tell(follower.finish(), heard_s)
        raise
    tell(follower.finish(), heard_s)


def _file(sandbox: Sandbox, source: str) -> Iterator[Sound]:
    """The sound of a file or of standard input, as if its first second were on air now. Raises AudioError."""
    begun = time.time()
    if source == "-":
        opened = open_raw(sys.stdin.buffer)
    elif Path(source).suffix.lower() in RAW:
        opened = open_raw(source)
    else:
        opened = sandbox.open_stream(source, BROADCAST)
    with opened as stream:
        heard = 0
        for block in stream.blocks:
            yield Sound(block, stream.rate, begun + heard / stream.rate, heard == 0)
            heard += len(block)


def _shown(source: str) -> str:
    """A source without what may be secret in it."""
    if "://" not in source:
        return shown_path(source)
    parts = urlsplit(without_user(source).replace("***@", ""))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


class _Stop:
    """Ends the wait for what comes next, and interrupts nothing else."""

    def __init__(self) -> None:
        self._is_asked = False
        self._is_waiting = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """A signal has come."""
        self._is_asked = True
        if self._is_waiting:
            self._is_waiting = False
            raise KeyboardInterrupt

    def wait(self, items: Iterator[Sound | Away]) -> Sound | Away | None:
        """The next one; None where there is none, or a signal has come."""
        try:
            self._is_waiting = not self._is_asked
            return None if self._is_asked else next(items, None)
        except KeyboardInterrupt:
            return None
        finally:
            self._is_waiting = False


@contextmanager
def _stopping() -> Iterator[_Stop]:
    stop = _Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Screen:
    """What a person sees: the plays, and on a terminal below them what is on now."""

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json
        self._live = Live(console=err, transient=True, refresh_per_second=2) if err.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
            self._live.update(Text(" …  Connecting", style="dim"))
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, event: Event) -> None:
        """An event, on stdout: every one as JSON, else plays that are over, and gaps."""
        if self._is_json:
            print_json(event)
        elif event.type != "begun":
            out.print(_line(event), soft_wrap=True)

    def now(self, play: Play | None) -> None:
        """What is on."""
        if self._live and play:
            at = f"  since {_clock(play.start_s)}, at {minutes(play.end_offset_s)}"
            self._live.update(
                Text.assemble((" ♪  ", "bold green"), (plain(play.song.title), "bold"), (at, "dim"))
            )
        elif self._live:
            self._live.update(Text(" ●  Listening; nothing that Sonica knows", style="dim"))

    def away(self, away: Away) -> None:
        """There is no sound."""
        if self._live:
            self._live.update(
                Text(f" ✗  {plain(away.error.message)} Connecting again ({away.tries}).", style="yellow")
            )
        elif away.tries == 1:
            self.warn(f"{away.error.message} Connecting again, for as long as it takes.")

    def warn(self, said: str) -> None:
        """Something that somebody should know; on stderr."""
        err.print(Text(plain(said), style="yellow"), soft_wrap=True)


def _line(event: Event) -> Text:
    data = event.data
    span = (f"{_local(data.started_at)} – {_local(data.ended_at or '')[11:]}  ", "dim")
    if isinstance(data, GapData):
        return Text.assemble(span, (f"nothing was heard: {plain(data.reason)}", "yellow"))
    line = Text.assemble(span, (plain(data.song.title), "bold"))
    if data.song.artist:
        line.append(f", {plain(data.song.artist)}")
    change = describe_change(data.speed, 0.0, named_pitch=False)
    details = [*([change] if change else []), certainty(data.confidence)]
    return line.append(f"  ({', '.join(details)})", style="dim")


def _local(shown: str) -> str:
    return dt.datetime.fromisoformat(shown).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _clock(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone().strftime("%H:%M:%S")
