"""The shell's Tab key."""

import os
import subprocess
from pathlib import Path

from tests.conftest import SONICA, CommandLine

from sonica.audio.compose import Song


def completed(command: CommandLine, *words: str, how: str = "bash") -> str:
    """What the shell is told of the words, the last of which is being typed."""
    asked = {
        "_SONICA_COMPLETE": f"complete_{how}",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": " ".join(words),
    }
    ran = subprocess.run([SONICA], env={**command.environment, **asked}, capture_output=True, check=True)
    assert ran.stderr == b""
    return ran.stdout.decode()


def test_bash_completes_what_is_typed(stocked: CommandLine) -> None:
    script = """
        eval "$(sonica --show-completion)"
        complete -p sonica
        COMP_WORDS=(sonica songs sh) COMP_CWORD=2
        _sonica_completion sonica
        printf '<%s>' "${COMPREPLY[@]}"
    """
    environment = {**stocked.environment, "PATH": f"{SONICA.parent}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=True)
    assert ran.stderr == b""
    assert ran.stdout.decode() == "complete -o default -F _sonica_completion sonica\n<show>"


def test_commands_and_options(stocked: CommandLine) -> None:
    assert completed(stocked, "sonica", "li").split() == ["listen"]
    assert "--unsure" in completed(stocked, "sonica", "tag", "--").split()


def test_numbers_of_songs(stocked: CommandLine, songs: list[Song]) -> None:
    for command in ("show", "edit", "remove"):
        assert completed(stocked, "sonica", "songs", command, "").split() == ["1", "2", "3", "4", "5", "6"]
    assert completed(stocked, "sonica", "songs", "show", "4").split() == ["4"]
    told = completed(stocked, "sonica songs show ", how="zsh")
    assert songs[0].title.split()[0] in told


def test_a_title_does_nothing_in_a_shell(sonica: CommandLine, music: Path) -> None:
    assert sonica("add", music / "0.flac").status == 0
    title = r"""it's \$(touch x) `y` "z" \\$(w) ;&|"""
    assert sonica("songs", "edit", "1", "--title", title).status == 0
    told = completed(sonica, "sonica songs show ", how="zsh")
    assert told.strip() == """_arguments '*: :(("1":"it s touch x y z w"))'"""


def test_without_a_catalogue_there_is_nothing_to_complete(sonica: CommandLine) -> None:
    assert completed(sonica, "sonica", "songs", "show", "").strip() == ""
    sonica.home.write_text("no folder")
    assert completed(sonica, "sonica", "songs", "show", "").strip() == ""
