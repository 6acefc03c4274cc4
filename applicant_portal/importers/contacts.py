"""Regions, towns, addresses and contacts of a register in the portal's one spelling."""

import re

from applicant_portal.catalogue import places
from applicant_portal.catalogue.naming import clean, fold_name

_CRIMEA = frozenset({"ар крим", "крим"})
# Where towns of the seed lie that may have no institution in the catalogue yet.
_REGION_OF_TOWN = {
    "Вінниця": "Вінницька область",
    "Дніпро": "Дніпропетровська область",
    "Дрогобич": "Львівська область",
    "Житомир": "Житомирська область",
    "Запоріжжя": "Запорізька область",
    "Івано-Франківськ": "Івано-Франківська область",
    "Київ": "м. Київ",
    "Кропивницький": "Кіровоградська область",
    "Луцьк": "Волинська область",
    "Львів": "Львівська область",
    "Миколаїв": "Миколаївська область",
    "Одеса": "Одеська область",
    "Полтава": "Полтавська область",
    "Рівне": "Рівненська область",
    "Суми": "Сумська область",
    "Тернопіль": "Тернопільська область",
    "Ужгород": "Закарпатська область",
    "Харків": "Харківська область",
    "Херсон": "Херсонська область",
    "Хмельницький": "Хмельницька область",
    "Черкаси": "Черкаська область",
    "Чернівці": "Чернівецька область",
    "Чернігів": "Чернігівська область",
}
_TOWN_PREFIX = re.compile(r"^(?:м\.|м|місто|с\.|с|село|смт\.?|сщ\.?|селище)(?:\s+|(?<=\.))(?=[А-ЯІЇЄҐ])")
_STREET_WORDS = re.compile(
    r"\b(вул|вулиця|просп|проспект|пр|бульв|бул|пл|площа|пров|узвіз|буд)\b\.?", re.IGNORECASE
)
_LATIN = str.maketrans("авсеікмнорстухАВСЕІКМНОРСТУХ", "abceikmhopctyxABCEIKMHOPCTYX")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}")
OWNERSHIPS = {"державна": "state", "комунальна": "municipal", "приватна": "private"}


def region(raw: str | None) -> str | None:
    """«КИЇВ» -> «м. Київ», «ХАРКІВСЬКА» and «Харківська обл.» -> «Харківська область»; else None."""
    if fold_name(raw or "") in _CRIMEA:
        return "Автономна Республіка Крим"
    return places.region(raw) if raw else None


def region_of_town(town_name: str | None) -> str | None:
    """The region of a centre of a region, or of another town that the seed names; else None."""
    return _REGION_OF_TOWN.get(town_name or "")


def town(raw: str | None) -> str | None:
    """A town in the nominative as the register has it, without «м.», and not in capitals only."""
    name = _TOWN_PREFIX.sub("", clean(raw or ""))
    if not re.search(r"[^\W\d_]", name):
        return None
    if name.isupper():
        name = re.sub(r"[^\s-]+", lambda word: word[0].capitalize(), name)
    return name


def address(raw: str | None) -> str | None:
    """A street and a house; the register's «вул. -, -» is unknown."""
    found = clean(raw or "").strip(" ,;")
    return found if re.search(r"\w", _STREET_WORDS.sub("", found)) else None


def postcode(raw: str | None) -> str | None:
    found = clean(raw or "")
    return found if re.fullmatch(r"\d{5}", found, re.ASCII) and found != "00000" else None


def edrpou(raw: str | None) -> str | None:
    """The state's number of a legal person: eight digits (leading zeros may have been lost in a table)."""
    found = clean(raw or "")
    return found.zfill(8) if re.fullmatch(r"\d{6,10}", found, re.ASCII) and int(found) else None


def site(raw: str | None) -> str | None:
    """A web address with its scheme; `http://www. nau.ua` is mended, what is no host is None."""
    found = re.sub(r"^(?:web\s?-?site|сайт)\s*:", "", clean(raw or ""), flags=re.IGNORECASE)
    first = re.split(r"[,;]", found)[0]
    joined = re.sub(r"\s+", "", first)
    match = re.match(r"(https?)[:/\\]+", joined, re.IGNORECASE)
    scheme = match[1].lower() if match else "http"
    rest = joined[match.end() :] if match else joined.lstrip("/")
    host, slash, path = rest.partition("/")
    if re.search("[A-Za-z]", host):
        host = host.translate(_LATIN)
    bare, colon, port = host.partition(":")
    bare = bare.rstrip(".")
    mixed = any(re.search("[a-z]", label, re.IGNORECASE) and not label.isascii() for label in bare.split("."))
    if mixed or not _HOST.fullmatch(bare) or (colon and not port.isdecimal()) or len(joined) > 500:
        return None
    path = path.rstrip("/") if path.strip("/.") else ""
    return f"{scheme}://{bare.lower()}{colon}{port}{slash if path else ''}{path}"


def email(raw: str | None) -> str | None:
    """The first address of the field."""
    match = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", clean(raw or ""), re.ASCII)
    return match[0] if match else None


def phone(raw: str | None) -> str | None:
    found = clean(raw or "")
    return found if len(re.findall(r"\d", found)) >= 5 else None


def quoted(raw: str) -> str:
    """A Ukrainian name with «…» for straight quotes; a pair that the register forgot to close is closed."""
    found = clean(raw)
    out: list[str] = []
    for index, char in enumerate(found):
        if char in '"“”„‟':
            opens = index == 0 or found[index - 1] in ' («[-–—/"“„'
            out.append("«" if opens else "»")
        else:
            out.append(char)
    name = "".join(out)
    missing = name.count("«") - name.count("»")
    return name + "»" * missing if name.endswith("»") and 0 < missing < 3 else name
