"""What somebody says of a song, as the catalogue keeps it."""

from sonica.audio.text import clean, isrc_of, language_tag, year_of
from sonica.catalogue.schemas import About

FIELDS = tuple(About.model_fields)


def field_of(name: str, value: object) -> str | int:
    """A value for a field of `About`, tidied. Raises ValueError, which says what is wrong with it."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if text is None:
        raise ValueError(f"the {name} is no text")
    if name == "year":
        year = year_of(text)
        if text.strip() not in {"", "0"} and not year:
            raise ValueError(f"{text!r} is no year")
        return year
    if name == "language":
        language = language_tag(text)
        if clean(text) and not language:
            raise ValueError(f"{text!r} is no language; try a tag such as hi, bho or en")
        return language
    if name == "isrc":
        isrc = isrc_of(text)
        if clean(text) and not isrc:
            raise ValueError(f"{text!r} is no ISRC (twelve letters and digits, such as INS181500001)")
        return isrc
    return clean(text)
