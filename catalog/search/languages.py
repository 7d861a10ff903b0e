"""The language of the shop's texts: which PostgreSQL configuration stems them, which words of it say nothing.

Product texts have one language, the shop's (LANGUAGE_CODE). Every word is kept as it is written beside its stem, so that
codes, names and foreign words are found in any language.
"""

from functools import cache
from typing import Final

from django.conf import settings

PLAIN: Final = "simple"
_CONFIGURATIONS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}
# Folded like every question: no accents, no apostrophes.
_STOP_WORDS: Final = {
    "en": "a an and are as at be but by for from has have i if in into is it its me my of on or our so that the their then"
    " there these they this to was were what which will with you your",
    "de": "aber als am an auf aus bei das dem den der des die ein eine einem einen einer eines fur ich im in ist mit nach"
    " oder sich sind und vom von was wie wir zu zum zur",
    "fr": "a au aux avec ce ces dans de des du elle en et il je la le les leur ma mes mon ne nos notre nous ou par pas pour"
    " que qui sa ses son sur un une vos votre vous",
    "es": "a al como con de del el en es esta este la las lo los mi mis o para pero por que se sin su sus un una unas unos y",
    "it": "a ai al alla alle anche che con da dal dei del della delle di e ed gli i il in la le lo ma mi nel o per piu se si"
    " su sul un una uno",
    "nl": "aan als bij dat de den der die dit een en er het ik in is met naar niet of om onder op over te tot uit van voor wat"
    " zijn",
}


def base_language() -> str:
    """`en-gb` → `en`."""
    return settings.LANGUAGE_CODE.split("-")[0].lower()


def text_configuration() -> str:
    """A name of this list only, never anything from outside: it is written into SQL."""
    return _CONFIGURATIONS.get(base_language(), PLAIN)


def stemmer() -> str:
    """The dictionary of that configuration, as `ts_lexize` knows it."""
    return PLAIN if text_configuration() == PLAIN else f"{text_configuration()}_stem"


def stop_words() -> frozenset[str]:
    return _split(base_language())


@cache
def _split(language: str) -> frozenset[str]:
    return frozenset(_STOP_WORDS.get(language, "").split())
