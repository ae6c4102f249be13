"""`sonica config` as a person and as a program see it: what is set, what it means, and what is refused."""

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from tests.conftest import CommandLine

from sonica import _engine
from sonica.audio import write_audio
from sonica.audio.compose import Song
from sonica.audio.degrade import add_noise, excerpt
from sonica.cli.config import config, get, set_, show, thresholds, unset
from sonica.cli.curve import WIDTH, ZERO, curve
from sonica.cli.points import Tried, meaning, percent, table
from sonica.cli.settings import Setting
from sonica.library import Recognizer
from sonica.recognition import OperatingPoints, load_operating_points

SETTING = ["name", "value", "source", "where", "default", "measured"]


def points(count: int = 9, **fields: Any) -> OperatingPoints:
    """Made-up counts at `count` thresholds from 0.1 to 0.9: misses rise, false accepts fall to none."""
    rows = [
        {
            "match_at": round(0.1 + 0.8 * number / max(1, count - 1), 4),
            "hits": 990 - 10 * number,
            "wrong": max(0, 3 - number),
            "false_accepts": max(0, 300 >> number) if number < count - 1 else 0,
            "session_hits": 99,
            "session_wrong": 0,
            "session_false_accepts": max(0, 100 >> number) if number < count - 1 else 0,
        }
        for number in range(count)
    ]
    whole = {"date": "2026-11-22", "known": 1000, "strangers": 3000, "sessions": 1000, "known_sessions": 100}
    return OperatingPoints.model_validate({**whole, "what": "Made-up queries.", "points": rows, **fields})


def chosen(value: float, measured: OperatingPoints, name: str = "match_at") -> Setting:
    return Setting(
        name=name,
        value=value,
        source="file",
        where="folder/config.toml",
        default=0.6,
        measured=measured.at(value),
    )


# --- the command --------------------------------------------------------------------------------------


def test_help(sonica: CommandLine) -> None:
    for arguments in ([], ["show"], ["thresholds"], ["set"], ["unset"], ["get"]):
        ran = sonica("config", *arguments, "--help")
        assert ran.status == 0
        assert "Usage: sonica config" in ran.out
        assert "Examples" in ran.out
        assert max(len(line) for line in ran.out.splitlines()) <= 80
        assert "<bool>" not in ran.out
    for command in (config, show, thresholds, set_, unset, get):
        assert max(map(len, (inspect.getdoc(command) or "").splitlines())) <= 74
    assert "Exit status" in sonica("config", "--help").out
    assert not sonica.home.exists()


def test_what_holds_before_anything_was_chosen(sonica: CommandLine) -> None:
    ran = sonica("config")
    assert (ran.status, ran.err) == (0, "")
    first, second, third = (line.split() for line in ran.out.splitlines()[:3])
    assert (first[0], first[2]) == ("match_at", "default")
    assert (second[0], second[2]) == ("unsure_at", "default")
    assert third == ["home", str(sonica.home), "SONICA_HOME"]
    assert np.float32(first[1]) == np.float32(_engine.MATCH_AT)
    assert np.float32(second[1]) == np.float32(_engine.UNSURE_AT)
    assert f"config.toml: {sonica.home}/config.toml" in ran.out
    assert "a song is named." in ran.out
    assert not sonica.home.exists()  # asking leaves no trace


USUAL = ["cors_origins", "rate_limit", "trusted_proxies"]
"""Settings of the service that only variables set."""


def test_showing_everything(sonica: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SONICA_MATCH_AT", "SONICA_UNSURE_AT", "SONICA_LONGEST_MINUTES", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    names = ["home", "match_at", "unsure_at", "longest_minutes", "database_url", "ingest_folders", *USUAL]
    usual = sonica("config", "show", "--json").lines
    assert not sonica.home.exists()  # asking leaves no trace
    assert [one["name"] for one in usual] == names
    assert [one["source"] for one in usual] == ["environment", *["default"] * (len(names) - 1)]
    assert all(one["value"] == one["default"] for one in usual[1:])
    assert usual[3]["value"] == 120
    assert usual[4]["value"] is None
    sonica("config", "set", "match_at", "0.95")
    monkeypatch.setenv("SONICA_LONGEST_MINUTES", "90.5")
    monkeypatch.setenv("SONICA_UNSURE_AT", "0.25")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:open-sesame@there:5433/songs?password=open-sesame")
    lines = {one["name"]: one for one in sonica("config", "show", "--json").lines}
    told = {name: (lines[name]["value"], lines[name]["where"]) for name in names[:5]}
    assert told == {
        "home": (str(sonica.home), "SONICA_HOME"),
        "match_at": (0.95, str(sonica.home / "config.toml")),
        "unsure_at": (0.25, "SONICA_UNSURE_AT"),
        "longest_minutes": (90.5, "SONICA_LONGEST_MINUTES"),
        "database_url": ("postgresql://me:***@there:5433/songs", "DATABASE_URL"),
    }
    ran = sonica("config", "show")
    assert (ran.status, ran.err) == (0, "")
    assert [line.split()[:3] for line in ran.out.splitlines()][:5] == [
        ["home", str(sonica.home), "SONICA_HOME"],
        ["match_at", "0.95", "config.toml"],
        ["unsure_at", "0.25", "SONICA_UNSURE_AT"],
        ["longest_minutes", "90.5", "SONICA_LONGEST_MINUTES"],
        ["database_url", "postgresql://me:***@there:5433/songs", "DATABASE_URL"],
    ]
    monkeypatch.setenv("DATABASE_URL", "open-sesame")
    assert "open-sesame" not in sonica("config", "show").out
    assert "open-sesame" not in sonica("migrate").err


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("SONICA_LONGEST_MINUTES", "0"),
        ("SONICA_MATCH_AT", "high"),
        ("SONICA_UNSURE_AT", "much"),
        ("SONICA_CORS_ORIGINS", "songs.example"),
        ("SONICA_RATE_LIMIT", "0/15m"),
        ("SONICA_RATE_LIMIT", "many"),
        ("SONICA_TRUSTED_PROXIES", "*"),
        ("SONICA_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("SONICA_CORS_ORIGINS", "*,http://a"),
    ],
)
def test_showing_what_is_not_allowed(
    sonica: CommandLine, monkeypatch: pytest.MonkeyPatch, variable: str, said: str
) -> None:
    monkeypatch.setenv(variable, said)
    ran = sonica("config", "show")
    assert ran.status == 1
    assert f"{variable} is {said!r}, which is not allowed." in ran.err


def test_setting_showing_and_taking_out(sonica: CommandLine) -> None:
    ran = sonica("config", "set", "match_at", "0.95")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[0].split() == ["match_at", "0.95", "config.toml"]
    assert (sonica.home / "config.toml").read_text() == "match_at = 0.95\n"
    assert sonica("config", "get", "match_at").out == "0.95\n"
    listed = sonica("config", "--json").lines
    assert [list(line) for line in listed] == [SETTING] * 3
    assert [line["name"] for line in listed] == ["match_at", "unsure_at", "home"]
    assert [line["source"] for line in listed] == ["file", "default", "environment"]
    assert (listed[0]["value"], listed[0]["where"]) == (0.95, str(sonica.home / "config.toml"))
    assert sonica("config", "get", "match_at", "--json").lines == listed[:1]
    assert sonica("config", "get", "home").out == f"{sonica.home}\n"
    ran = sonica("config", "unset", "match_at", "--json")
    assert (ran.lines[0]["source"], ran.lines[0]["value"]) == ("default", listed[0]["default"])
    assert (sonica.home / "config.toml").read_text() == ""


def test_taking_out_what_was_never_set_leaves_no_trace(sonica: CommandLine) -> None:
    assert sonica("config", "unset", "match_at").status == 0
    assert not sonica.home.exists()


def test_a_variable_stands_above_the_file_and_says_so(
    sonica: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONICA_MATCH_AT", "0.75")
    ran = sonica("config", "set", "match_at", "0.95")
    assert ran.out.splitlines()[0].split() == ["match_at", "0.75", "SONICA_MATCH_AT"]
    assert "SONICA_MATCH_AT is set, and stands above config.toml." in ran.err
    assert sonica("config", "get", "match_at").out == "0.75\n"
    monkeypatch.delenv("SONICA_MATCH_AT")
    assert sonica("config", "get", "match_at").out == "0.95\n"


def test_a_default_that_has_to_give_way_is_not_called_the_default(sonica: CommandLine) -> None:
    ran = sonica("config", "set", "match_at", _engine.UNSURE_AT / 2)
    assert ran.status == 0
    listed = sonica("config", "--json").lines
    assert listed[1]["value"] == listed[0]["value"] < listed[1]["default"]
    assert "not above match_at" in sonica("config").out.splitlines()[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "match_at"],
        ["set", "match_at", "high"],
        ["set", "match_at", "1.01"],
        ["set", "match_at", "nan"],
        ["set", "mach_at", "0.9"],
        ["set", "home", "0.9"],
        ["get", "mach_at"],
        ["unset"],
        ["tell"],
    ],
)
def test_wrong_usage(arguments: list[str], sonica: CommandLine) -> None:
    ran = sonica("config", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "Usage" in ran.err
    assert not sonica.home.exists()


def test_thresholds_that_would_cross_are_refused_and_nothing_changes(sonica: CommandLine) -> None:
    assert sonica("config", "set", "unsure_at", "0.5").status == 0
    ran = sonica("config", "set", "match_at", "0.4")
    assert (ran.status, ran.out) == (1, "")
    assert "match_at is 0.4" in ran.err
    assert "unsure_at is 0.5" in ran.err
    assert "Hint:" in ran.err
    assert (sonica.home / "config.toml").read_text() == "unsure_at = 0.5\n"


@pytest.mark.parametrize("text", ["match_at = 2", "macht_at = 0.9", "match_at", "unsure_at = 1.0"])
def test_a_bad_file_stops_every_command_that_needs_it(text: str, sonica: CommandLine, music: Path) -> None:
    sonica.home.mkdir()
    (sonica.home / "config.toml").write_text(text)
    for arguments in (["recognize", music / "0.flac"], ["config"], ["config", "thresholds"]):
        ran = sonica(*arguments)
        assert (ran.status, ran.out) == (1, "")
        assert str(sonica.home / "config.toml") in ran.err
        assert "Hint:" in ran.err
        assert "Traceback" not in ran.err


def test_answers_follow_what_was_set(
    sonica: CommandLine, music: Path, songs: list[Song], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sonica("add", music / "1.flac", music / "2.flac")
    recognizer = Recognizer(sonica.home)
    answers = []
    for snr in range(0, -20, -2):
        clip = add_noise(excerpt(songs[1].samples, songs[1].rate, 20, 5), float(snr))
        write_audio(tmp_path / "faint.wav", clip, songs[1].rate)
        answers.append(recognizer.file(tmp_path / "faint.wav"))
        if answers[-1].confidence < 0.95:
            break
    confidence = round(answers[-1].confidence, 4)
    assert 0.01 < confidence < 0.95, "no clip lies between certain and lost"

    def status() -> str:
        (answer,) = sonica("recognize", "--json", tmp_path / "faint.wav").lines
        assert answer["confidence"] == confidence
        return str(answer["status"])

    sonica("config", "set", "unsure_at", confidence / 2)
    sonica("config", "set", "match_at", confidence + 0.01)
    assert status() == "unsure"
    assert "Not sure" in sonica("recognize", tmp_path / "faint.wav").out
    sonica("config", "set", "match_at", confidence - 0.005)
    assert status() == "match"
    monkeypatch.setenv("SONICA_MATCH_AT", "1")
    monkeypatch.setenv("SONICA_UNSURE_AT", "1")
    assert status() == "none"


def test_the_thresholds_as_a_program_sees_them(sonica: CommandLine) -> None:
    measured = load_operating_points()
    lines = sonica("config", "thresholds", "--json").lines
    assert [line["match_at"] for line in lines] == [point.match_at for point in measured.points]
    assert all(list(line) == ["match_at", "clips", "sessions", "is_current"] for line in lines)
    assert sum(line["is_current"] for line in lines) == (measured.at(_engine.MATCH_AT) is not None)


# --- how it looks -------------------------------------------------------------------------------------


def test_what_a_threshold_means() -> None:
    assert meaning(chosen(0.5, points()), points()).plain.splitlines() == [
        " From 0.5 on (match_at) a song is named.",
        "   single clips  right          95.00%  at least 93.47%        950 of 1,000",
        "                 wrong           0.00%  at most 0.38%            0 of 1,000",
        "                 false accepts   0.60%  at most 0.95%           18 of 3,000",
        "   sessions      right          99.00%  at least 94.55%           99 of 100",
        "                 wrong           0.00%  at most 3.70%              0 of 100",
        "                 false accepts   0.60%  at most 1.30%            6 of 1,000",
    ]


def test_what_was_not_measured_is_said() -> None:
    assert "was not measured." in meaning(chosen(0.5, OperatingPoints()), OperatingPoints()).plain
    assert "was not measured so low." in meaning(chosen(0.05, points()), points()).plain
    some = points(sessions=0, known=0)
    text = meaning(chosen(0.55, some), some).plain
    assert text.count("not measured") == 3
    assert "Measured at 0.5, the next lower threshold" in text
    assert "No thresholds were measured" in table([], OperatingPoints(), chosen(0.5, OperatingPoints())).plain


def test_a_table_of_all_thresholds_marks_the_current_one() -> None:
    measured = points(machine="", date=None)
    now = chosen(0.55, measured)
    lines = table(Tried.all(measured, now), measured, now).plain.splitlines()
    rows = [line for line in lines if line[3:6] == "0.1" or line[3:5] == "0."]
    assert len(rows) == 9
    assert [line[3:6] for line in rows if "▸" in line] == ["0.5"]
    assert any("▸ match_at is 0.55 (config.toml): this is the next lower" in line for line in lines)
    assert any("Measured on a day that nobody noted. Made-up queries." in line for line in lines)


def test_a_cell_that_was_not_measured_is_a_dash() -> None:
    measured = points(known=0)
    now = chosen(0.5, measured)
    text = table(Tried.all(measured, now), measured, now).plain
    assert "–: not measured." in text
    assert text.count("–") == 2 * 9 + 1


def test_a_threshold_below_all_that_was_measured_has_no_mark() -> None:
    measured = points()
    now = chosen(0.05, measured)
    tried = Tried.all(measured, now)
    assert not any(one.is_current for one in tried)
    assert "lower than was measured" in table(tried, measured, now).plain
    assert "┊" not in curve(tried, now).plain


@pytest.mark.parametrize("count", [25, 99, 1000])
def test_a_long_table_is_thinned_but_for_the_current_one(count: int) -> None:
    measured = OperatingPoints.model_validate(
        {"strangers": 10, "points": [{"match_at": one / count, "false_accepts": 0} for one in range(count)]}
    )
    now = chosen((count - 2) / count, measured)
    lines = table(Tried.all(measured, now), measured, now).plain.splitlines()
    assert len(lines) <= 40
    assert sum(line.startswith(" ▸ 0.") for line in lines) == 1
    assert any(f"of {count} thresholds; --json tells all." in line for line in lines)


@pytest.mark.parametrize("count", [1, 2, 9, 24, 200])
@pytest.mark.parametrize("value", [0.05, 0.1, 0.5, 0.6224592924118042, 1.0])
def test_everything_fits_80_columns_without_colour(count: int, value: float) -> None:
    measured = OperatingPoints.model_validate(
        {
            "date": "2026-11-22",
            "machine": "a machine with a rather long name that somebody chose",
            "what": "A sentence that is longer than a line, " * 4,
            **dict.fromkeys(("known", "strangers", "sessions", "known_sessions"), 1_000_000),
            "points": [
                {
                    "match_at": float(np.float32(0.1 + 0.9 * number / count)),
                    **dict.fromkeys(("hits", "wrong", "session_hits", "session_wrong"), 500_000),
                    **dict.fromkeys(("false_accepts", "session_false_accepts"), 1_000_000 - number),
                }
                for number in range(count)
            ],
        }
    )
    now = chosen(value, measured)
    tried = Tried.all(measured, now)
    for text in (meaning(now, measured), table(tried, measured, now), curve(tried, now)):
        console = Console(no_color=True, width=80)
        with console.capture() as capture:
            console.print(text, soft_wrap=True)
        lines = capture.get().removesuffix("\n").splitlines()
        assert max(map(len, lines), default=0) <= 80
        assert [line.rstrip() for line in lines] == [line.rstrip() for line in text.plain.splitlines()]


def test_the_picture_shows_both_errors_and_where_one_is() -> None:
    measured = points()
    now = chosen(0.5, measured)
    lines = curve(Tried.all(measured, now), now).plain.splitlines()
    assert lines[0].startswith(" sessions:")
    drawn = [line[9:].ljust(WIDTH) for line in lines[2 : ZERO + 3]]
    columns = ["".join(row[column] for row in drawn) for column in range(WIDTH)]
    of_points = [columns[round(number / 8 * (WIDTH - 1))] for number in range(9)]
    assert sum("●" in column or "◉" in column for column in columns) == 9
    assert sum("○" in column or "◉" in column for column in columns) == 9
    assert [number for number, column in enumerate(of_points) if "┊" in column] == [4]
    assert of_points[-1][-1] == "●"  # none falsely accepted: at the very bottom
    heights = [max(column.find("●"), column.find("◉")) for column in of_points]
    assert heights == sorted(heights)
    assert "match_at 0.5" in lines[-1]


def test_the_picture_is_of_clips_where_no_sessions_were_measured() -> None:
    measured = points(sessions=0, known_sessions=0)
    now = chosen(0.5, measured)
    assert curve(Tried.all(measured, now), now).plain.startswith(" single clips:")
    only = curve(Tried.all(points(known_sessions=0), now), now).plain
    assert only.startswith(" sessions:  ● false accepts\n")
    for nothing in (points(1), points(sessions=0, known_sessions=0, known=0, strangers=0)):
        assert curve(Tried.all(nothing, now), now).plain == ""


def test_a_percentage_is_never_all_or_nothing_unless_it_is() -> None:
    said = {0.0: "0.00%", 1e-7: "0.01%", 0.00126: "0.13%", 0.5: "50.00%", 0.99999: "99.99%", 1.0: "100.00%"}
    assert {share: percent(share) for share in said} == said
