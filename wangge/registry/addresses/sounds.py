"""How a name is read, so that a name typed by its sound (仁民路, renminlu, Renmin Road) is found."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SOUNDS = Path(__file__).parent.parent / "data" / "sounds.txt"
_DIGITS = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
# What half the country does not tell apart: zh z, ch c, sh s; ing in, eng en, ang an.
_SAME = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@cache
def _readings() -> Mapping[str, str]:
    lines = (line.split() for line in SOUNDS.read_text("utf-8").splitlines() if not line.startswith("#"))
    known = {sign: flat(syllable) for syllable, signs in lines for sign in signs}
    return known | {str(value): flat(syllable) for value, syllable in enumerate(_DIGITS)}


def flat(syllable: str) -> str:
    """A syllable as an accent of the south would say it."""
    for said, same in _SAME:
        if syllable.startswith(said):
            syllable = same + syllable[2:]
    if syllable.endswith(("ing", "eng", "ang")):
        syllable = syllable[:-1]
    return syllable


def sound_of(key: str) -> str:
    """How a key is read, the syllables joined; a letter is read as itself."""
    readings = _readings()
    return "".join(readings.get(sign, sign) for sign in key)


def sound_of_letters(words: str) -> str:
    """Pinyin as typed ("Renmin lu", "zhongshan") in the form of `sound_of`: joined, as an accent would say it."""
    return "".join(_flat_word(word) for word in words.lower().split())


def _flat_word(word: str) -> str:
    """A word of one or more syllables; "ng" closes one before a consonant, before a vowel the g may begin the next."""
    for said, same in _SAME:
        word = word.replace(said, same)
    return re.sub("(?<=[iea]n)g(?![aeiouv])", "", word)


def nearly(key: str) -> list[str]:
    """The key with each character left out once: two keys that share one of these differ by at most one character."""
    return sorted({key[:at] + key[at + 1 :] for at in range(len(key))} | {key}) if len(key) > 2 else [key]


def pairs(key: str) -> list[str]:
    """Each two neighbouring characters of a key, once."""
    return sorted({key[at : at + 2] for at in range(len(key) - 1)})
