"""Invented titles in Hindi and Bhojpuri, each with how it sounds in Latin letters."""

from typing import Literal, NamedTuple

Language = Literal["hi", "bho"]


class Word(NamedTuple):
    """A word in Devanagari and in Latin letters."""

    script: str
    latin: str


# "X of Y" in Hindi agrees with the thing owned: की before a feminine noun, का before a masculine.
_HINDI_OWNERS = (
    Word("सावन", "Savan"), Word("शाम", "Shaam"), Word("गंगा", "Ganga"), Word("बादल", "Baadal"),
    Word("चाँद", "Chaand"), Word("गली", "Gali"), Word("बारिश", "Baarish"), Word("पहाड़", "Pahaad"),
    Word("रेत", "Ret"), Word("झील", "Jheel"), Word("नींद", "Neend"), Word("खिड़की", "Khidki"),
    Word("पतझड़", "Patjhad"), Word("भोर", "Bhor"), Word("सागर", "Saagar"), Word("जंगल", "Jangal"),
    Word("दिल्ली", "Dilli"),
)  # fmt: skip
_HINDI_OWNED = (
    Word("की धूप", "ki Dhoop"), Word("की चिट्ठी", "ki Chitthi"), Word("का रास्ता", "ka Raasta"),
    Word("की खुशबू", "ki Khushboo"), Word("का सपना", "ka Sapna"), Word("की बातें", "ki Baatein"),
    Word("का गीत", "ka Geet"), Word("की पायल", "ki Paayal"), Word("का मेला", "ka Mela"),
    Word("की आवाज़", "ki Aavaaz"), Word("का दीया", "ka Diya"), Word("की कहानी", "ki Kahaani"),
    Word("का झूला", "ka Jhoola"),
)  # fmt: skip
_BHOJPURI_OWNERS = (
    Word("गँउवा", "Ganwa"), Word("नदिया", "Nadiya"), Word("सरसो", "Sarso"), Word("अँगना", "Angna"),
    Word("फगुआ", "Phagua"), Word("बगिया", "Bagiya"), Word("सवनवा", "Savanwa"), Word("चइत", "Chait"),
    Word("पुरवइया", "Purvaiya"), Word("महुआ", "Mahua"), Word("बलिया", "Ballia"), Word("छपरा", "Chhapra"),
    Word("अमवा", "Amwa"), Word("निंदिया", "Nindiya"), Word("डगरिया", "Dagariya"), Word("भोरवा", "Bhorwa"),
    Word("कोसी", "Kosi"),
)  # fmt: skip
_BHOJPURI_OWNED = (
    Word("के बयार", "ke Bayaar"), Word("के चिरई", "ke Chirai"), Word("के रतिया", "ke Ratiya"),
    Word("के पतिया", "ke Patiya"), Word("के टिकुली", "ke Tikuli"), Word("के ढोलक", "ke Dholak"),
    Word("के सनेस", "ke Sanes"), Word("के कोइलर", "ke Koilar"), Word("के लहरिया", "ke Lahariya"),
    Word("के अँजोरिया", "ke Anjoriya"), Word("के झुमका", "ke Jhumka"), Word("के बिरहा", "ke Birha"),
    Word("के पायल", "ke Paayal"),
)  # fmt: skip

_WORDS: dict[Language, tuple[tuple[Word, ...], tuple[Word, ...]]] = {
    "hi": (_HINDI_OWNERS, _HINDI_OWNED),
    "bho": (_BHOJPURI_OWNERS, _BHOJPURI_OWNED),
}


def title(language: Language, number: int) -> str:
    """The `number`-th title, like `सावन की धूप (Savan ki Dhoop)`; no two numbers share one."""
    owners, owned = _WORDS[language]
    # 17 and 13 share no divisor, so walking both lists at once meets every pair once.
    owner, thing = owners[number % len(owners)], owned[number % len(owned)]
    part = number // (len(owners) * len(owned))
    script, latin = f"{owner.script} {thing.script}", f"{owner.latin} {thing.latin}"
    return f"{script} ({latin})" if part == 0 else f"{script} {part + 1} ({latin} {part + 1})"
