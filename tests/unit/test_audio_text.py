"""What is certain to be spoiled text is mended; all other text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonica.audio.text import clean, isrc_of, language_tag, mend, tag_text, year_of

TITLE = "सावन की धूप"

devanagari = st.text(st.characters(min_codepoint=0x905, max_codepoint=0x939), min_size=1, max_size=30)


def spoiled(text: str, encoding: str) -> str:
    """The UTF-8 of `text`, read byte by byte; where Windows-1252 has no character, Latin-1's."""
    return "".join(
        bytes([byte]).decode(encoding, "ignore") or bytes([byte]).decode("latin-1") for byte in text.encode()
    )


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text", [TITLE, "सावन (Savan) – 2011", "Beyoncé", "Zoë", "İstanbul", "Привет", "গান", "ਗੀਤ", "گیت"]
)
def test_utf8_that_was_read_as_something_else_is_mended(text: str, encoding: str) -> None:
    assert mend(spoiled(text, encoding)) == text
    assert mend(spoiled(spoiled(text, encoding), encoding)) == text  # twice on its way


@pytest.mark.parametrize(
    "text",
    [
        *("Beyoncé", "naïve", "Motörhead", "São Paulo", "Ægir", "Señorita", "à la carte", "¿Qué?", "50 °C"),
        *("CAFÉ™", "OLÉ…", "IRMÃ…", "JÄ…", "NESCAFÉ™®", "Ãëéè", "don’t", "«Été»", "Â©", "", "plain", TITLE),
        *("à¤¸à¤¾ à¤", "सावन à¤¸", "à¤¸ सावन"),  # cut off, or mixed: what was meant is not certain
    ],
)
def test_what_may_be_right_stays(text: str) -> None:
    assert mend(text) == text


@given(text=devanagari, encoding=st.sampled_from(["latin-1", "cp1252"]))
def test_any_devanagari_is_mended(text: str, encoding: str) -> None:
    assert mend(spoiled(text, encoding)) == text
    assert mend(text) == text


@given(st.text(st.characters(max_codepoint=0x17F, categories=["L"]), max_size=30))
def test_words_of_latin_letters_stay(text: str) -> None:
    assert mend(text) == text


@given(st.binary(max_size=60))
def test_any_bytes_become_harmless_text(data: bytes) -> None:
    text = tag_text(data.decode("utf-8", "surrogateescape"))
    assert text.encode().decode() == text
    assert text.isprintable() or any(char in text for char in "\u200c\u200d") or not text.isascii()


def test_bytes_that_are_no_utf8() -> None:
    def told(data: bytes) -> str:
        return tag_text(data.decode("utf-8", "surrogateescape"))

    assert told(b"Beyonc\xe9") == "Beyoncé"
    assert told(b"it\x92s \x81") == "it’s"
    assert told(TITLE.encode()[:-1]) == TITLE[:-1]  # ID3v1 cuts after 30 bytes
    assert tag_text("a\ud800b") == "a?b"


def test_what_cannot_be_seen_goes() -> None:
    assert clean("\ufeffa\u202eb\u200bc\x00\x00  \x07d\u2028e") == "abc d e"
    assert clean("\x00 सावन \x00\x00") == "सावन"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *[("hi-IN", "hi"), ("hin_IN", "hi"), ("Hindi; English", "hi"), ("und/bho", "bho")],
        *[("BHOJPURI", "bho"), ("हिंदी", "hi"), ("zxx", ""), ("हिं", "")],
    ],
)
def test_languages(said: str, meant: str) -> None:
    assert language_tag(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *[("2011", 2011), ("2011-03-04", 2011), ("04/03/1967", 1967), ("२०११", 2011), ("20110304", 2011)],
        *[(" 1974/5", 1974), ("20211", 0), ("", 0), ("11", 0), ("0000", 0), ("90210", 0), ("²011", 0)],
    ],
)
def test_years(said: str, meant: int) -> None:
    assert year_of(said) == meant


def test_recording_codes() -> None:
    assert isrc_of("in-a09-12-00001") == "INA091200001"
    assert isrc_of("ISRC INA091200001\0") == "INA091200001"
    assert isrc_of("a studio") == isrc_of("") == ""
