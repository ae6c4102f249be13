"""`sonica config`: see and move how sure an answer must be."""

from typing import Annotated, Literal

import typer
from rich.text import Text

from sonica.cli.console import err, out, plain, print_json
from sonica.cli.curve import curve
from sonica.cli.flags import Command, Group
from sonica.cli.points import Tried, meaning, table
from sonica.cli.settings import Setting, list_settings
from sonica.cli.thresholds import check_thresholds
from sonica.platform.config import FILE, Key, write_config
from sonica.platform.settings import load_settings
from sonica.recognition import load_operating_points

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Which = Annotated[Key, typer.Argument(help="The setting.", metavar="SETTING")]

config_app = typer.Typer(name="config", cls=Group, rich_markup_mode="rich")


@config_app.callback(invoke_without_command=True)
def config(ctx: typer.Context, *, json: Json = False) -> None:
    """See and move how sure an answer must be, and what that means.

    Every answer has a confidence from 0 to 1. From match_at on the song is
    named, from unsure_at on it is mentioned as possible, and below that the
    answer is that nothing was recognised. A higher match_at names fewer wrong
    songs and fewer right ones.

    \b
    [bold]Examples[/bold]
      sonica config                   what is set, by whom, and what it means
      sonica config show              every setting, and where it comes from
      sonica config thresholds        what other thresholds would mean
      sonica config set match_at 0.9  name a song only when so sure
      sonica config get match_at      only the value
      sonica config unset match_at    back to the default
      SONICA_MATCH_AT=0.9 sonica recognize a.wav   for one command

    \b
    [bold]Where settings come from, the first that there is[/bold]
      the variables SONICA_MATCH_AT and SONICA_UNSURE_AT
      config.toml in the data folder, which set and unset write
      the defaults

    \b
    [bold]Exit status[/bold]
      0  done
      2  wrong usage
      1  anything else, such as a config.toml that cannot be read
    """  # noqa: D301  \b is meant: it keeps lines apart
    if ctx.invoked_subcommand is not None:
        return
    home = load_settings().find_home()
    settings = list(list_settings(home))
    if json:
        for setting in settings:
            print_json(setting)
        return
    out.print(Text("\n").join([*map(_line, settings), Text()]), soft_wrap=True)
    out.print(f" config.toml: {plain(str(home / FILE))}\n", soft_wrap=True)
    points = load_operating_points()
    for setting in settings[:2]:
        out.print(meaning(setting, points), soft_wrap=True)
    if points.points:
        out.print(" What other thresholds would mean: sonica config thresholds")


@config_app.command(cls=Command)
def thresholds(*, json: Json = False) -> None:
    """Show what each threshold was measured to mean.

    A table and, in a terminal, a picture: how many known songs are named
    rightly and wrongly from each confidence on, and how often an unknown
    song, speech or noise gets a name (a false accept). A session is a
    listener who holds up a phone: one false accept if any of its looks is.

    \b
    [bold]Examples[/bold]
      sonica config thresholds
      sonica config thresholds --json | jq '[.match_at, .clips.right.share]'
    """  # noqa: D301  \b is meant: it keeps lines apart
    points = load_operating_points()
    current = next(list_settings(load_settings().find_home()))
    tried = Tried.all(points, current)
    if json:
        for one in tried:
            print_json(one)
        return
    if out.is_terminal:
        out.print(curve(tried, current), soft_wrap=True)
    out.print(table(tried, points, current), soft_wrap=True)


@config_app.command(cls=Command)
def show(*, json: Json = False) -> None:
    """Show every setting, its value, and where that comes from.

    Also those that only variables set. Passwords are not shown.

    \b
    [bold]Examples[/bold]
      sonica config show
      sonica config show --json | jq -c '[.name, .value, .source]'
    """  # noqa: D301  \b is meant: it keeps lines apart
    from sonica.cli.show import show as run  # noqa: PLC0415  it takes a while to load

    run(json=json)


@config_app.command("set", cls=Command)
def set_(
    setting: Which,
    value: Annotated[float, typer.Argument(help="A confidence from 0 to 1.", metavar="VALUE")],
    *,
    json: Json = False,
) -> None:
    """Keep a setting in config.toml.

    \b
    [bold]Examples[/bold]
      sonica config set match_at 0.9
      sonica config set unsure_at 0.3
    """  # noqa: D301  \b is meant: it keeps lines apart
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"{value} is not in the range from 0 to 1.", param_hint="VALUE")
    write_config(load_settings().create_home(), setting, value, check_thresholds)
    _tell(setting, json=json)


@config_app.command(cls=Command)
def unset(setting: Which, *, json: Json = False) -> None:
    """Take a setting out of config.toml: the default holds again.

    \b
    [bold]Examples[/bold]
      sonica config unset match_at
    """  # noqa: D301  \b is meant: it keeps lines apart
    home = load_settings().find_home()
    if home.exists():
        write_config(home, setting, None, check_thresholds)
    _tell(setting, json=json)


@config_app.command(cls=Command)
def get(
    setting: Annotated[
        Literal["match_at", "unsure_at", "home"], typer.Argument(help="The setting.", metavar="SETTING")
    ],
    *,
    json: Json = False,
) -> None:
    """Print the value that holds, and nothing else.

    \b
    [bold]Examples[/bold]
      sonica config get match_at
      du -sh "$(sonica config get home)"
    """  # noqa: D301  \b is meant: it keeps lines apart
    found = _find(setting)
    if json:
        print_json(found)
    else:
        out.print(plain(found.shown_value), soft_wrap=True)


def _tell(name: Key, *, json: bool) -> None:
    """What holds after a change; a variable that stands above the file would otherwise surprise."""
    found = _find(name)
    if found.source == "environment":
        err.print(f"{found.where} is set, and stands above {FILE}.", style="yellow")
    if json:
        print_json(found)
        return
    out.print(_line(found), soft_wrap=True)
    out.print()
    out.print(meaning(found, load_operating_points()), soft_wrap=True)


def _find(name: str) -> Setting:
    home = load_settings().find_home()
    return next(setting for setting in list_settings(home) if setting.name == name)


def _line(setting: Setting) -> Text:
    value = plain(setting.shown_value)
    return Text.assemble(
        f" {setting.name:<10} ", (f"{value:<11}", "bold"), (f" {setting.shown_source}", "dim")
    )
