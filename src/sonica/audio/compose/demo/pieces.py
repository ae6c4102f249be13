"""What each of the two dozen songs is: its name, who plays it, its raga, tala, pace, voices and form.

Ensembles, albums and years are invented, as the songs are; the styles are real.
"""

from dataclasses import dataclass
from typing import Literal

from sonica.audio.compose.names import Language

Kit = Literal["tabla", "dholak"]


@dataclass(frozen=True)
class Piece:
    """A song before it is written. `pace`: matras a minute; `sa`: Hz of the middle Sa; `lead` sings and
    `second` answers (names in `voices.VOICES` and `strings.STRINGS`); `extras`: `harmonium` (shadows the
    lead), `bass`, `manjira` (small cymbals).

    `form`: one letter a line. I and J are the second's, A and B the refrain (sthayi), C and D the verse
    (antara), which climbs to the upper Sa; in small letters the second joins in.
    """

    number: int
    devanagari: str
    latin: str
    artist: str
    album: str
    year: int
    language: Language
    genre: str
    raga: str
    tala: str
    pace: float
    sa: float
    lead: str
    second: str
    kit: Kit
    form: str
    extras: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Both scripts, like `बारिश वाली गली (Baarish Wali Gali)`."""
        return f"{self.devanagari} ({self.latin})"


_MANDALI, _TRIO, _PARTY, _GAON = (
    "Sonica Sangeet Mandali", "Sonica Shaam Trio", "Sonica Purvaiya Party", "Sonica Gaon Mandali",
)  # fmt: skip
_DAWN, _CITY = "साँझ सवेरा (Saanjh Savera)", "शहर के गीत (Shahar ke Geet)"
_FIELDS, _SEASONS = "माटी के बोल (Maati ke Bol)", "बारहमासा (Barahmasa)"

PIECES: tuple[Piece, ...] = (
    Piece(
        0, "दीप जले मन में", "Deep Jale Man Mein", _MANDALI, _DAWN, 2021, "hi", "Bhajan",
        "Yaman", "teental", 184, 146.8, "bansuri", "sitar", "tabla", "AABAICCDAJAB", ("manjira",),
    ),
    Piece(
        1, "बदरा घेर अइले", "Badra Gher Aile", _PARTY, _SEASONS, 2022, "bho", "Kajri",
        "Desh", "dadra", 158, 207.7, "voice", "mandolin", "dholak", "IAaBAICDaBCDAa", ("harmonium",),
    ),
    Piece(
        2, "सूनी अटरिया", "Sooni Atariya", _TRIO, _DAWN, 2021, "hi", "Thumri",
        "Khamaj", "deepchandi", 196, 138.6, "sarangi", "santoor", "tabla", "AABAICDAJCDBA",
    ),
    Piece(
        3, "चइत मासे महुआ", "Chait Maase Mahua", _PARTY, _SEASONS, 2022, "bho", "Chaita",
        "Jhinjhoti", "deepchandi", 236, 218.0, "harmonium", "mandolin", "dholak", "AaBaICcDaJABa",
        ("manjira",),
    ),
    Piece(
        4, "तेरी राह का चाँद", "Teri Raah ka Chaand", _TRIO, _CITY, 2023, "hi", "Filmi",
        "Kirwani", "keherwa", 168, 155.6, "bansuri", "guitar", "dholak", "IAABIJCDAICDBA", ("bass",),
    ),
    Piece(
        5, "गंगा पार के गाँव", "Ganga Paar ke Gaanv", _GAON, _FIELDS, 2020, "bho", "Birha",
        "Brindabani Sarang", "keherwa", 212, 174.6, "voice", "harmonium", "dholak", "AaAaIBbCDAaJCDBa",
        ("manjira",),
    ),
    Piece(
        6, "भोर भए मन जागे", "Bhor Bhae Man Jaage", _MANDALI, _DAWN, 2021, "hi", "Bhajan",
        "Bhairav", "teental", 152, 130.8, "shehnai", "sarod", "tabla", "AABAICDAJA",
    ),
    Piece(
        7, "अँगना में तुलसी", "Angna Mein Tulsi", _GAON, _FIELDS, 2020, "bho", "Lokgeet",
        "Bhupali", "dadra", 182, 196.0, "bansuri", "mandolin", "dholak", "IAABaICDABJCDAa", ("manjira",),
    ),
    Piece(
        8, "ख़ामोश शाम", "Khaamosh Shaam", _TRIO, _CITY, 2023, "hi", "Ghazal",
        "Bageshri", "rupak", 118, 164.8, "voice", "sarod", "tabla", "IABAICDAJCDBA", ("harmonium",),
    ),
    Piece(
        9, "कवन देस के सुगना", "Kavan Des ke Sugna", _GAON, _FIELDS, 2020, "bho", "Nirgun",
        "Bhairavi", "keherwa", 132, 185.0, "harmonium", "sitar", "dholak", "AABaICDAaJCDB", ("manjira",),
    ),
    Piece(
        10, "बारिश वाली गली", "Baarish Wali Gali", _TRIO, _CITY, 2023, "hi", "Filmi",
        "Shivaranjani", "keherwa", 188, 220.0, "sarangi", "guitar", "dholak", "IABABJCDAICDJA", ("bass",),
    ),
    Piece(
        11, "ललना के पलना", "Lalna ke Palna", _PARTY, _FIELDS, 2020, "bho", "Sohar",
        "Pilu", "dadra", 140, 233.1, "voice", "bansuri", "dholak", "AaBAICDaJABa", ("harmonium",),
    ),
    Piece(
        12, "पहाड़ों की पगडंडी", "Pahaadon ki Pagdandi", _TRIO, _CITY, 2023, "hi", "Geet",
        "Pahadi", "keherwa", 146, 149.5, "bansuri", "santoor", "tabla", "IAABICDAJCDBA", ("bass",),
    ),
    Piece(
        13, "झुलुआ कदम के डार", "Jhulua Kadam ke Daar", _PARTY, _SEASONS, 2022, "bho", "Kajri",
        "Khamaj", "keherwa", 202, 193.0, "clarinet", "mandolin", "dholak", "AaBaIJCDAaICDBa",
        ("harmonium", "manjira"),
    ),
    Piece(
        14, "मध्य रात की वीणा", "Madhya Raat ki Veena", _MANDALI, _DAWN, 2021, "hi", "Bandish",
        "Malkauns", "jhaptal", 128, 136.0, "sitar", "sarangi", "tabla", "AABAICDAJAB",
    ),
    Piece(
        15, "रंग फगुनवा के", "Rang Phagunwa ke", _PARTY, _SEASONS, 2022, "bho", "Phagua",
        "Kafi", "keherwa", 224, 177.5, "shehnai", "harmonium", "dholak", "AaAaBIaJCcDdAaBaIa", ("manjira",),
    ),
    Piece(
        16, "अबीर उड़े", "Abeer Ude", _MANDALI, _SEASONS, 2022, "hi", "Hori",
        "Kafi", "deepchandi", 214, 161.0, "voice", "sitar", "tabla", "AABAICDAJABA", ("harmonium",),
    ),
    Piece(
        17, "पुरुब के बनिजिया", "Purub ke Banijiya", _GAON, _FIELDS, 2020, "bho", "Purbi",
        "Bhimpalasi", "keherwa", 160, 141.2, "sarangi", "mandolin", "dholak", "IAaBAICDAJCDBa",
        ("harmonium",),
    ),
    Piece(
        18, "निर्मल नदिया", "Nirmal Nadiya", _MANDALI, _DAWN, 2021, "hi", "Bhajan",
        "Durga", "rupak", 136, 152.0, "bansuri", "harmonium", "tabla", "AABaICDAJCDBa", ("manjira",),
    ),
    Piece(
        19, "हरदी के रंग", "Hardi ke Rang", _GAON, _FIELDS, 2020, "bho", "Vivah Geet",
        "Durga", "dadra", 198, 226.0, "voice", "shehnai", "dholak", "IAaBaICDAaJBa", ("manjira",),
    ),
    Piece(
        20, "नैना जोहें बाट", "Naina Johen Baat", _TRIO, _DAWN, 2021, "hi", "Dadra",
        "Bhairavi", "dadra", 125, 200.0, "sarangi", "harmonium", "tabla", "AABAICDAJCDBA",
    ),
    Piece(
        21, "अरघ के बेरा", "Aragh ke Bera", _PARTY, _SEASONS, 2022, "bho", "Chhath Geet",
        "Desh", "keherwa", 150, 240.0, "voice", "bansuri", "dholak", "AaBbICDaJABa", ("manjira",),
    ),
    Piece(
        22, "दोपहर की छाँव", "Dopahar ki Chhaanv", _MANDALI, _DAWN, 2021, "hi", "Bandish",
        "Brindabani Sarang", "ektal", 206, 143.5, "sarod", "bansuri", "tabla", "AABAICDAJAB",
    ),
    Piece(
        23, "धान रोपनी के बेरा", "Dhaan Ropni ke Bera", _GAON, _FIELDS, 2020, "bho", "Ropni",
        "Hamsadhvani", "keherwa", 178, 169.5, "clarinet", "santoor", "dholak", "IAaBaJCDAaICDBa",
        ("harmonium",),
    ),
)  # fmt: skip
"""By number."""
