"""An answer as a person would like to read it.

Lines have no right border: terminals disagree on how wide Devanagari is, and a ragged frame would
be all that one sees. Nothing is said by colour alone.
"""

from rich.text import Text

from sonica.cli.console import counted, minutes, plain
from sonica.recognition import Answer, Candidate, SongRef

BAR = 40
"""Characters of a bar."""

LANGUAGES = {
    "hi": "Hindi",
    "bho": "Bhojpuri",
    "en": "English",
    "mai": "Maithili",
    "mag": "Magahi",
    "ur": "Urdu",
    "pa": "Punjabi",
    "bn": "Bengali",
    "mr": "Marathi",
    "gu": "Gujarati",
    "ta": "Tamil",
    "te": "Telugu",
}

CERTAINTY = (
    (0.99, "certain"),
    (0.9, "almost certain"),
    (0.6, "likely"),
    (0.3, "possible"),
    (0.0, "doubtful"),
)
"""What a confidence of at least so much is called."""


def card(answer: Answer, known_songs: int) -> Text:
    """The answer for one file, as lines that are not to be wrapped.

    `known_songs`: how many recordings the catalogue holds.
    """
    lines = [Text(plain(answer.file), style="dim"), Text()]
    if answer.status == "match":
        lines += _match(answer)
    elif answer.status == "unsure":
        lines += _unsure(answer)
    else:
        lines += _nothing(known_songs)
    return Text("\n").join(Text(" ").append_text(line) if line else line for line in [*lines, Text()])


def _match(answer: Answer) -> list[Text]:
    song, place, speed, pitch = answer.song, answer.offset_s, answer.speed, answer.pitch_semitones
    assert song is not None and place is not None and speed is not None and pitch is not None  # noqa: S101, PT018
    lines = [*_title("♪", song), Text(), _row("place", _timeline(place, song.duration_s))]
    change = describe_change(speed, pitch)
    if change:
        lines.append(_row("played", Text(change)))
    lines.append(_row("certainty", _certainty(answer.confidence)))
    if song.path:  # a service does not tell
        lines.append(_row("file", Text(plain(song.path))))
    if answer.alternatives:
        said = "The same sound is also in:" if answer.ambiguous else "Far less likely:"
        lines += [Text(), Text(f"   {said}"), *_list(answer.alternatives)]
    return lines


def _unsure(answer: Answer) -> list[Text]:
    return [
        Text("?  Not sure. It may be:", style="bold yellow"),
        *_list(answer.alternatives),
        Text(),
        Text("   A longer excerpt, or one with less noise, would tell.", style="dim"),
    ]


def _nothing(known_songs: int) -> list[Text]:
    known = f"It is none of the {counted(known_songs, 'recording')} that Sonica knows,"
    lines = (known, "or too little of it can be heard.") if known_songs else ("Sonica knows no songs yet.",)
    heading = Text("–  No song recognised.", style="bold")
    return [heading, *(Text(f"   {line}", style="dim") for line in lines)]


def _title(mark: str, song: SongRef) -> list[Text]:
    about = [plain(song.artist), LANGUAGES.get(song.language, plain(song.language))]
    lines = [Text.assemble((f"{mark}  ", "bold green"), (plain(song.title), "bold"))]
    said = " · ".join(part for part in about if part)
    return [*lines, Text(f"   {said}")] if said else lines


def _row(name: str, value: Text) -> Text:
    return Text.assemble((f"   {name:<11}", "dim"), value)


def _timeline(offset: float, duration: float | None) -> Text:
    """Where in the song the excerpt begins."""
    if not duration:
        return Text(minutes(offset))
    at = min(BAR - 1, max(0, int(offset / duration * BAR)))
    return Text.assemble(
        (minutes(offset), "bold"),
        "  ",
        ("━" * at, "green"),
        ("●", "bold green"),
        ("─" * (BAR - 1 - at), "dim"),
        f"  {minutes(duration)}",
    )


def _certainty(confidence: float) -> Text:
    filled = round(confidence * BAR / 2)
    return Text.assemble(
        ("█" * filled, "green"), ("░" * (BAR // 2 - filled), "dim"), f"  {certainty(confidence)}"
    )


def _list(candidates: tuple[Candidate, ...]) -> list[Text]:
    return [_one_of(candidate) for candidate in candidates]


def _one_of(candidate: Candidate) -> Text:
    song = candidate.song
    line = Text("   • ").append(plain(song.title), style="bold")
    if song.artist:
        line.append(f", {plain(song.artist)}")
    details = [f"at {minutes(candidate.offset_s)}", certainty(candidate.confidence)]
    details[1:1] = [change] if (change := describe_change(candidate.speed, candidate.pitch_semitones)) else []
    return line.append(f"  ({', '.join(details)})", style="dim")


def certainty(confidence: float) -> str:
    """`97%, almost certain`. Never 100%: nothing is."""
    word = next(word for least, word in CERTAINTY if confidence >= least)
    percent = "over 99%" if confidence > 0.99 else f"{confidence:.0%}"
    return f"{percent}, {word}"


def describe_change(speed: float, semitones: float, *, named_pitch: bool = True) -> str:
    """`slowed 0.85×, −2.8 semitones`; an empty string where the song is played as it was recorded.

    Without `named_pitch` nothing is said of the pitch.
    """
    said = []
    if abs(speed - 1) >= 0.01:
        said.append(f"{'slowed' if speed < 1 else 'sped up'} {speed:.2f}×")
    if not named_pitch:
        return ", ".join(said)
    if abs(semitones) >= 0.15:
        sign = "−" if semitones < 0 else "+"
        said.append(f"{sign}{abs(semitones):.1f} semitones")
    elif said:
        said.append("at its own pitch")
    return ", ".join(said)
