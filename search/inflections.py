"""Ukrainian words in another case.

The forms come from simplemma's Ukrainian list turned round (dictionary form -> every form of it), not from
the collection that is searched: a form that stands in no document is the very one worth asking for. The list
has archaic and rare forms too («програмнеє»), so the endings of each case are named here and only a form with
one of them is taken. What the list has no word for stays as it is.
"""

from collections import defaultdict
from functools import cache
from random import Random

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

CASES = ("genitive", "dative", "instrumental", "locative")

# Of each kind of word the endings of the four cases, the likelier first; "" is any ending in a consonant.
_ADJECTIVES = {
    "feminine": (("ої",), ("ій",), ("ою",), ("ій",)),
    "masculine": (("ого",), ("ому",), ("им", "ім"), ("ому",)),
    "plural": (("их", "іх"), ("им", "ім"), ("ими", "іми"), ("их", "іх")),
}
_NOUNS = {
    "feminine": (("ії", "и", "і"), ("ії", "і"), ("єю", "ею", "ою"), ("ії", "і")),
    "masculine": (("у", "ю", "а", "я"), ("ові", "еві", "єві", "у"), ("ом", "ем", "єм"), ("і", "ї", "у")),
    "neuter": (("а", "я"), ("у", "ю"), ("нням", "ттям", "ом", "ем"), ("нні", "тті", "і")),
    "soft": (("ості", "я", "і"), ("ості", "ю", "і"), ("істю", "ем", "ю"), ("ості", "і")),
    "plural": (("ів", "їв", "ій", ""), ("ам", "ям"), ("ами", "ями"), ("ах", "ях")),
}  # fmt: skip
_ADJECTIVE = ("ий", "ій")
_AND = ("та", "і", "й")
_CONSONANTS = frozenset("бвгґджзйклмнпрстфхцчшщ")


@cache
def _list() -> tuple[dict[str, str], dict[str, list[str]]]:
    """(form -> dictionary form, dictionary form -> forms). Kept: it takes two seconds to make."""
    words: dict[str, str] = {}
    forms: dict[str, list[str]] = defaultdict(list)
    for form, lemma in DefaultDictionaryFactory().get_dictionary("uk").items():
        words[str(form)] = str(lemma)
        forms[str(lemma)].append(str(form))
    return words, dict(forms)


def in_case(text: str, case: str) -> str:
    """`text` with the words of its head in another case: the first noun and the adjectives before it (and
    what «та» joins to them), as speakers change «Інженерія програмного забезпечення» into «інженерії
    програмного забезпечення». The words that changed are in lower case; a text whose head has a word that is
    not in the list comes back as it was."""
    words = text.split(" ")
    changed = False
    for place, word in enumerate(words):
        if word in _AND and changed:
            continue
        bare = word.lower().replace("’", "'").strip(",.;:()«»")
        lemma = _list()[0].get(bare)
        if lemma is None:
            return text
        found = _form(bare, lemma, CASES.index(case))
        if found is not None:
            mark = "’" if "’" in word else "'"
            words[place] = word.lower().replace(bare.replace("'", mark), found.replace("'", mark))
            changed = True
        if not lemma.endswith(_ADJECTIVE) and words[place + 1 : place + 2] not in ([one] for one in _AND):
            return " ".join(words)
    return text


def another_case(text: str, chance: Random) -> str:
    """`text` in a case drawn among those that change it; the same text when none does."""
    able = [changed for case in CASES if (changed := in_case(text, case)).lower() != text.lower()]
    return chance.choice(able) if able else text


def _form(word: str, lemma: str, case: int) -> str | None:
    endings = _ADJECTIVES[_gender(word)] if lemma.endswith(_ADJECTIVE) else _NOUNS[_declension(word)]
    others = sorted(form for form in _list()[1][lemma] if form != word)
    for ending in endings[case]:
        fit = [form for form in others if (form.endswith(ending) if ending else form[-1] in _CONSONANTS)]
        if fit:
            return min(fit, key=len)
    return None


def _gender(adjective: str) -> str:
    if adjective.endswith(("а", "я")):
        return "feminine"
    return "plural" if adjective.endswith(("і", "ї")) else "masculine"


def _declension(noun: str) -> str:
    if noun.endswith(("и", "і", "ї")):
        return "plural"
    if noun.endswith(("ння", "ття", "о", "е")):
        return "neuter"
    if noun.endswith(("а", "я")):
        return "feminine"
    return "soft" if noun.endswith("ь") else "masculine"
