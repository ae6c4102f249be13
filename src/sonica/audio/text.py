"""What taggers wrote, as text that can be trusted to be text: one line, in its own letters.

Many old tags hold UTF-8 that some program took for Latin-1 or Windows-1252 on its way, so that सावन
reads `à¤¸à¤¾à¤µà¤¨`. That is undone where it is certain, and left alone where it is not.
"""

import itertools
import re
import unicodedata

LONGEST = 300
"""Characters of a tag that are kept."""

MENDABLE = 4_000
"""Characters of a tag that are looked at: what is longer is no title, and would only cost time."""

SPOILED = 2
"""How often a text may have been spoiled."""

LANGUAGES = {
    **dict.fromkeys(("hin", "hindi", "हिन्दी", "हिंदी"), "hi"),
    **dict.fromkeys(("bho", "bhojpuri", "भोजपुरी"), "bho"),
    **dict.fromkeys(("eng", "english"), "en"),
    **dict.fromkeys(("mai", "maithili", "मैथिली"), "mai"),
    **dict.fromkeys(("mag", "magahi", "मगही"), "mag"),
    **dict.fromkeys(("urd", "urdu"), "ur"),
    **dict.fromkeys(("pan", "punjabi"), "pa"),
    **dict.fromkeys(("ben", "bengali", "bangla"), "bn"),
    **dict.fromkeys(("mar", "marathi"), "mr"),
    **dict.fromkeys(("guj", "gujarati"), "gu"),
    **dict.fromkeys(("tam", "tamil"), "ta"),
    **dict.fromkeys(("tel", "telugu"), "te"),
}
"""How taggers spell a language, as a language tag of BCP 47."""

_TAG = re.compile(r"([a-z]{2,3})(-[a-z0-9]{2,8})*")
_UNSAID = {"und", "mul", "zxx", "mis", "xxx"}
_JOINERS = "\u200c\u200d"
_ODD_BYTES = {bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(0x80, 0xA0)}
"""What Windows-1252 shows for the bytes that are control characters in Latin-1."""
_CLOSERS = frozenset("\xa0…’”‘“™–—•")
"""What may well stand behind a letter in Windows-1252: `IRMÃ…` is as it should be."""


def clean(text: str) -> str:
    """One line of composed (NFC) Unicode without control characters or undecodable bytes.

    Nor with what changes the direction of writing or has no width; only the joiners that Devanagari
    needs (U+200C, U+200D) stay.
    """
    text = text[:MENDABLE].encode("utf-8", "replace").decode("utf-8")
    text = "".join(kept for char in text if (kept := _harmless(char)))
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text[:LONGEST].rstrip()


def _harmless(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cc":
        return " "
    return "" if category == "Cf" and char not in _JOINERS else char


def tag_text(raw: str) -> str:
    """A tag as the decoder hands it on, mended and clean. Bytes that are no UTF-8 are lone surrogates."""
    return clean(mend(_decoded(raw[:MENDABLE])))


def _decoded(raw: str) -> str:
    """Tags without a declared encoding (ID3v1, RIFF) whose bytes are no UTF-8 are Windows-1252.

    Unless there is UTF-8 among them: then a letter was cut in two, and its rest is dropped.
    """
    odd = {char for char in raw if "\ud800" <= char <= "\udfff"}
    if not odd:
        return raw
    if any(ord(char) > 0x7F and char not in odd for char in raw):
        return "".join(char for char in raw if char not in odd)
    data = raw.encode(
        "utf-8", "surrogateescape" if all("\udc80" <= c <= "\udcff" for c in odd) else "replace"
    )
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


def mend(text: str) -> str:
    """UTF-8 that was read as Latin-1 or Windows-1252, read rightly; any other text as it is.

    Only where it is certain: all of the text must be strict UTF-8 once turned back, and what comes out
    must be writing (see `_is_writing`). `Beyoncé` and `naïve` are not such UTF-8 and stay.
    """
    layers = [text]
    while len(layers) <= SPOILED and (before := _turned_back(layers[-1])) is not None:
        layers.append(before)
    # From the innermost out: what is writing there was meant, whatever it looked like on its way.
    steps = reversed(list(itertools.pairwise(layers)))
    return next((inner for outer, inner in steps if _is_writing(inner, outer)), text)


def _turned_back(text: str) -> str | None:
    """The strict UTF-8 that was read as `text`, if any."""
    if text.isascii():
        return None
    numbers = [_ODD_BYTES.get(char, ord(char)) for char in text]
    if max(numbers) > 0xFF:
        return None
    try:
        return bytes(numbers).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_writing(mended: str, text: str) -> bool:
    """Whether `mended` is so plainly what was meant that `text`, which it comes from, was not.

    Devanagari: one letter is enough, since `à¤` begins no word. Another script of South Asia, Greek,
    Cyrillic, Hebrew or Arabic: two. Accented Latin: a letter that was not made of an accented letter and
    a mark that may well stand behind one.
    """
    foreign = [char for char in mended if not char.isascii()]
    if any(unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} for char in foreign):
        return False
    letters = [char for char in foreign if char.isalpha()]
    if any("\u0900" <= char <= "\u097f" for char in letters):
        return True
    scripts = [char for char in letters if "\u0370" <= char <= "\u06ff" or "\u0980" <= char <= "\u0dff"]
    if len(scripts) >= 2:
        return True
    firm = any(first in "ÃÄÅ" and second not in _CLOSERS for first, second in itertools.pairwise(text))
    return firm and all("\xc0" <= char <= "\u017f" for char in letters)


def language_tag(text: str) -> str:
    """`Hindi`, `hin`, `hi` or `hi-IN` as `hi`; the first of several; nothing for what is no language."""
    for part in re.split(r"[;,/|]", clean(text).lower().replace("_", "-")):
        said = part.strip()
        said = LANGUAGES.get(said, said)
        tag = _TAG.fullmatch(said)
        if tag and tag[1] not in _UNSAID:
            return LANGUAGES.get(tag[1], tag[1])
    return ""


def year_of(text: str) -> int:
    """The year in a date however it is written, in any digits; 0 where there is none."""
    digits = "".join(str(unicodedata.decimal(char, char)) for char in clean(text))
    found = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)((\d\d)*)(?!\d)", digits)  # 2011, 20110304
    return int(found[1]) if found else 0


def isrc_of(text: str) -> str:
    """An International Standard Recording Code without its hyphens; nothing for what is none."""
    code = re.sub(r"[\s-]", "", clean(text).upper()).removeprefix("ISRC")
    return code if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", code) else ""
