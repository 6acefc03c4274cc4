"""Makes recommender/artefact/occupations.json and bridge.json. Run by hand, when O*NET or the lists change.

In: the folder with O*NET 29.3 ("onet/") and the US Department of Defense table of service codes (2016), and
three lists of the portal: professions, service roles, earlier backgrounds (TOML, see `Lists`). Out: what
recommender.bridge reads.

A role is a mixture of O*NET occupations. They come from the table, through DoD occupation groups, each group
counting the same and each occupation by how many service codes lead to it, and from our own choice where the
table leads nowhere (O*NET has no ratings for purely military occupations). How an occupation got in is its
*kind*: "exact": a service title of the group is the occupation's own title, and leads there alone; "group":
other service codes of the group lead there; "editorial": our choice, no table behind it.

The table uses the codes of 2010; an occupation that has since been renumbered is found by its title, else by
SUCCESSORS.
"""

import csv
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender import occupation_vectors, onet
from recommender.occupation_vectors import ATTRIBUTION, TextSpace, Vectors

Floats = npt.NDArray[np.float64]

SERVICE_CODES = "dod_military_occupations_to_onet_2016.csv"
SMALLEST_SHARE = 0.06
MOST_OCCUPATIONS = 8
PERCENT = 25.0
"""Importance 1 … 5 becomes 0 … 100: (importance - 1) x 25."""

STEEPNESS = 0.6
"""Of the curve from standard deviations to 0 … 1: at 1, all roles near to IT (4 to 6 of them) look alike."""

LEFT_OUT = frozenset({"2.C.7.a"})
"""English Language: in O*NET the speakers' own language, in Ukraine a foreign one; the figure would
mislead."""

SUCCESSORS = {
    "11-3071.01": "11-3071.00",
    "11-3071.02": "11-3071.00",
    "13-2011.01": "13-2011.00",
    "13-2011.02": "13-2011.00",
    "15-1133.00": "15-1299.08",
    "17-2121.01": "17-2121.00",
    "17-3031.01": "17-3031.00",
    "17-3031.02": "17-3031.00",
    "19-3031.02": "19-3033.00",
    "27-2041.01": "27-2041.00",
    "27-2042.01": "27-2042.00",
    "27-2042.02": "27-2042.00",
    "27-3021.00": "27-3023.00",
    "27-3022.00": "27-3023.00",
    "29-1062.00": "29-1215.00",
    "29-1063.00": "29-1216.00",
    "33-2011.01": "33-2011.00",
    "33-3021.01": "33-3021.00",
    "33-3021.03": "33-3021.00",
    "33-3051.01": "33-3051.00",
    "43-5081.01": "53-7065.00",
    "43-5081.03": "53-7065.00",
    "43-5081.04": "53-7065.00",
    "47-2031.01": "47-2031.00",
    "47-2152.02": "47-2152.00",
    "47-5031.00": "47-5032.00",
    "49-3023.01": "49-3023.00",
    "49-3023.02": "49-3023.00",
    "49-9021.02": "49-9021.00",
    "51-4121.06": "51-4121.00",
    "53-1031.00": "53-1043.00",
    "53-5021.01": "53-5021.00",
    "53-5021.02": "53-5021.00",
    "53-5021.03": "53-5021.00",
}
"""Occupations that O*NET-SOC 2019 merged or renumbered under another title, as far as the table uses them."""

STAND_INS = {
    "15-1252.00": ("15-1251.00", "15-1299.08"),
    "15-1255.00": ("15-1254.00", "15-1255.01"),
    "15-2051.00": ("15-2051.01", "15-2041.00", "15-1221.00"),
}
"""Professions O*NET 29.3 has task statements for but no ratings: their skills and knowledge are the mean of
these neighbours', their texts are their own."""


@dataclass(frozen=True, slots=True)
class QuestionnaireTask:
    """A task a person may like: our wording, O*NET task statements of the same meaning, and the skill and
    knowledge elements it lives on."""

    wording: str
    statements: tuple[int, ...]
    elements: tuple[str, ...]


TASKS = {
    "code": QuestionnaireTask(
        "write a computer program, code that does repetitive dull work by itself",
        (21667, 21670, 21669, 21838),
        ("2.B.3.e", "2.B.2.i"),
    ),
    "site": QuestionnaireTask(
        "make a web site or a mobile application that people use, front end and back end",
        (14694, 14707, 14695, 14710),
        ("2.B.3.e", "2.C.9.b"),
    ),
    "fault": QuestionnaireTask(
        "find a defect, a bug in somebody's software and document the steps to reproduce it",
        (14642, 14641, 14648, 14661),
        ("2.B.3.m", "2.A.1.c"),
    ),
    "network": QuestionnaireTask(
        "find out why a network connection is down, troubleshoot and repair it",
        (15205, 1325, 18965, 18979),
        ("2.C.9.a", "2.B.3.k"),
    ),
    "server": QuestionnaireTask(
        "set up a server so that operating systems and applications install, update and run automatically",
        (14679, 14689, 14678, 1318, 1317),
        ("2.B.3.d", "2.B.3.g", "2.C.3.a"),
    ),
    "security": QuestionnaireTask(
        "test with permission how a computer system could be broken into, find security vulnerabilities",
        (5320, 5314, 5321, 5323, 14691),
        ("2.C.8.a", "2.C.9.a"),
    ),
    "data": QuestionnaireTask(
        "find a pattern, a trend or relationship in a large table of numbers, large sets of data",
        (21823, 21832, 21828, 16141),
        ("2.A.1.e", "2.C.4.a"),
    ),
    "plan": QuestionnaireTask(
        "interview users about what they need, split work into steps, plan milestones, schedule, deadlines",
        (16155, 16170, 16171, 16157, 3471),
        ("2.C.1.a", "2.B.5.a", "2.B.1.b"),
    ),
    "screen": QuestionnaireTask(
        "draw the screen of an application, design the visual interface so that it is easy to use",
        (21688, 21694, 21697, 21709),
        ("2.C.7.c", "2.C.9.b"),
    ),
    "device": QuestionnaireTask(
        "assemble an electronic device with sensors, build and configure a robot, prepare a drone for work",
        (21057, 16517, 16520, 7396, 7405),
        ("2.C.3.b", "2.C.3.e", "2.B.3.c"),
    ),
}
TEXTS_COUNT = 0.75
"""What the texts of a questionnaire task count for; its elements count for the rest."""


class BadInput(Exception):
    """A list or table cannot be used; the sentence names the file and the place."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The portal's own lists, each the rows of one TOML file.

    Professions have key and onet_code; roles key, dod (beginnings of DoD occupation codes) and onet (tables
    with code and note: our own choice); backgrounds key and soc (beginnings of O*NET-SOC codes).
    """

    professions: Sequence[Mapping[str, Any]]
    roles: Sequence[Mapping[str, Any]]
    backgrounds: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Link:
    """An occupation of a group, and how it came there."""

    code: str
    share: float
    kind: str
    dod: tuple[tuple[str, str], ...] = ()
    service_codes: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _ServiceRow:
    group: str
    group_title: str
    service_title: str
    code: str
    only: bool


def read_lists(seed_data: Path) -> Lists:
    """From professions.toml, advisor_roles.toml and advisor_backgrounds.toml in a folder. Raises BadInput."""
    professions = _toml(seed_data / "professions.toml", "profession")
    roles = _toml(seed_data / "advisor_roles.toml", "role")
    backgrounds = _toml(seed_data / "advisor_backgrounds.toml", "background")
    return Lists(professions, roles, backgrounds)


def build(folder: Path, lists: Lists) -> tuple[Vectors, dict[str, Any]]:
    """The vectors of all occupations, and the content of bridge.json. Raises BadInput and onet.BadOnet."""
    occupations = onet.read(folder / "onet")
    vectors, space = occupation_vectors.build(occupations)
    elements, importance = _shown_elements(occupations)
    rows = service_rows(folder / SERVICE_CODES, vectors)
    parts = _profession_parts(lists.professions, occupations, vectors, space)
    scale = vectors.similarity_to(parts)
    titles = dict(zip(occupations.codes, occupations.titles, strict=True))
    titles |= {code: one.title for code, one in occupations.unrated.items()}
    keys = [str(one["key"]) for one in lists.professions]
    group_links = {str(one["key"]): ("role", role_links(one, rows, titles)) for one in lists.roles}
    group_links |= {
        str(one["key"]): ("background", background_links(one, vectors)) for one in lists.backgrounds
    }
    if len(group_links) < len(lists.roles) + len(lists.backgrounds):
        raise BadInput("advisor_roles.toml and advisor_backgrounds.toml: a key is used twice")
    groups: dict[str, dict[str, Any]] = {}
    for key, (of, links) in group_links.items():
        groups[key] = {"of": of, "occupations": len(links), "links": []}
        if links:
            shares = _shares(links, vectors, key)
            weights = _weights(shares, vectors)
            mixture = vectors.mixed(shares)
            raw = _similar(mixture, parts)[0]
            shown = (
                links if of == "role" else _most_typical(links, vectors.similarity_to(mixture)[0], vectors)
            )
            groups[key] |= {
                "links": [_link_row(one, titles) for one in shown],
                "importance": _whole(weights @ importance),
                "affinity": _by_profession(keys, squashed(raw, scale)),
                "cosine": _by_profession(keys, raw),
            }
    content = {
        "about": {
            **ATTRIBUTION,
            "importance": "0 to 100, in the order of elements; mean and spread are over all occupations",
            "affinity": "0 to 1; 0.5: as near to the profession as occupations are on average",
            "cosine": "weighted mean of the cosines of skills, knowledge and texts, -1 to 1",
            "service_codes": "US Department of Defense service codes to O*NET-SOC, report of 2016-03-24, as "
            "kept by the US Department of Veterans Affairs (veterans-employment-center). American; no "
            "Ukrainian list is openly available, and no Ukrainian expert has reviewed the links.",
        },
        "elements": [
            {"id": element.id, "mean": round(float(mean), 1), "spread": round(float(spread), 1)}
            for element, mean, spread in zip(
                elements, importance.mean(axis=0), importance.std(axis=0), strict=True
            )
        ],
        "professions": {
            key: {
                "onet": one["onet_code"],
                "title": titles[one["onet_code"]],
                "ratings_of": list(STAND_INS.get(one["onet_code"], (one["onet_code"],))),
                "importance": _whole(_profession_weights(one["onet_code"], vectors) @ importance),
            }
            for key, one in zip(keys, lists.professions, strict=True)
        },
        "groups": groups,
        "tasks": task_affinities(occupations, lists.professions, vectors, parts, space),
    }
    return vectors, content


def write(folder: Path, vectors: Vectors, bridge: Mapping[str, Any]) -> None:
    """occupations.json and bridge.json into `folder`. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    occupation_vectors.write(vectors, folder / "occupations.json")
    # One line per entry: a change of the lists shows as what it is.
    sections = []
    for name, section in bridge.items():
        if isinstance(section, dict):
            lines = [f"{_json(key)}:{_json(value)}" for key, value in section.items()]
            sections.append(f"{_json(name)}: {{\n" + ",\n".join(lines) + "\n}")
        else:
            sections.append(f"{_json(name)}: [\n" + ",\n".join(map(_json, section)) + "\n]")
    (folder / "bridge.json").write_text("{\n" + ",\n".join(sections) + "\n}\n", encoding="utf-8")


def squashed(similarity: Floats, scale: Floats) -> Floats:
    """p similarities to p professions -> 0 … 1, comparable between professions.

    `scale` is p x n: how similar all n occupations are to each profession. 0.5 is an occupation as near as
    occupations are on average, 0.65 one standard deviation nearer, 0.86 three.
    """
    deviations = (similarity - scale.mean(axis=1)) / scale.std(axis=1)
    return np.asarray(1 / (1 + np.exp(-STEEPNESS * deviations)), dtype=np.float64)


def service_rows(file: Path, vectors: Vectors) -> list[_ServiceRow]:
    """The rows of the table that lead to an occupation with a vector. Raises BadInput."""
    known = dict(zip(vectors.codes, vectors.titles, strict=True))
    by_title = {title.lower(): code for code, title in known.items()}
    found = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                codes = [(row[f"O*Net{n}"].strip(), row[f"O*Net{n} Title"].strip()) for n in (1, 2)]
                led = [current(code, title, known, by_title) for code, title in codes if code]
                found += [
                    _ServiceRow(
                        row["DOD Occupation Code"].strip(),
                        row["DOD Title"].strip(),
                        row["Service Title"].strip(),
                        code,
                        len(led) == 1,
                    )
                    for code in led
                    if code is not None
                ]
    except (OSError, UnicodeDecodeError, KeyError, csv.Error, AttributeError) as error:
        raise BadInput(f"{file}: {error!r}") from error
    return found


def current(code: str, title: str, known: Mapping[str, str], by_title: Mapping[str, str]) -> str | None:
    """Today's code of an occupation of 2010, None where O*NET has no ratings for it."""
    if title.lower() in by_title:
        return by_title[title.lower()]
    if code in SUCCESSORS:
        return SUCCESSORS[code] if SUCCESSORS[code] in known else None
    # The same number with a new name ("Technicians", "Technologists and Technicians") is the same occupation;
    # a number that was given to another one shares no word with it.
    return code if code in known and _word_stems(title) & _word_stems(known[code]) else None


def role_links(role: Mapping[str, Any], rows: Iterable[_ServiceRow], titles: Mapping[str, str]) -> list[Link]:
    """The occupations of a role, most important first; shares sum to 1."""
    prefixes = [str(one) for one in role["dod"]]
    counts: dict[str, dict[str, list[_ServiceRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for prefix in prefixes:
            if row.group.startswith(prefix) and row.code not in role.get("skip", ()):
                counts[prefix][row.code].append(row)
    # Our own choice counts as one more group.
    parts = len(counts) + bool(role["onet"])
    shares: dict[str, float] = defaultdict(float)
    led: dict[str, list[_ServiceRow]] = defaultdict(list)
    for of_prefix in counts.values():
        total = sum(map(len, of_prefix.values()))
        for code, its in of_prefix.items():
            shares[code] += len(its) / total / parts
            led[code] += its
    kept = sorted((code for code in shares if shares[code] >= SMALLEST_SHARE), key=lambda one: -shares[one])
    links = [_from_table(code, titles[code], shares[code], led[code]) for code in kept[:MOST_OCCUPATIONS]]
    by_code = {one.code: one for one in links}
    for one in role["onet"]:
        code, share = str(one["code"]), 1 / len(role["onet"]) / parts
        if code in by_code:  # The table says so too: its word is the better one.
            by_code[code] = replace(by_code[code], share=by_code[code].share + share)
        else:
            by_code[code] = Link(code, share, "editorial", note=str(one["note"]))
    total_share = sum(one.share for one in by_code.values())
    ordered = sorted(by_code.values(), key=lambda link: (-link.share, link.code))
    return [replace(one, share=one.share / total_share) for one in ordered]


def background_links(background: Mapping[str, Any], vectors: Vectors) -> list[Link]:
    """All occupations under the group's SOC codes, each counting the same; none for a person without any."""
    beginnings = tuple(str(one) for one in background["soc"])
    codes = [code for code in vectors.codes if beginnings and code.startswith(beginnings)]
    return [Link(code, 1 / len(codes), "group") for code in codes]


def task_affinities(
    occupations: onet.Occupations,
    professions: Sequence[Mapping[str, Any]],
    vectors: Vectors,
    parts: Mapping[str, Floats],
    space: TextSpace,
) -> dict[str, dict[str, float]]:
    """{task: {profession: -1 … 1}}: 0 is the mean over the professions, 1 the one the task is most of."""
    keys = [str(one["key"]) for one in professions]
    elements, importance = _shown_elements(occupations)
    standardised = (importance - importance.mean(axis=0)) / importance.std(axis=0)
    ids = [element.id for element in elements]
    profiles = np.vstack(
        [_profession_weights(one["onet_code"], vectors) @ standardised for one in professions]
    )
    found = {}
    for key, task in TASKS.items():
        unknown = [one for one in task.statements if one not in occupations.statements]
        if unknown:
            raise BadInput(f"{onet.TASKS}: no task statement {unknown[0]}, which {key} uses")
        # The wording counts as much as all statements together: those were written about one profession each.
        words = [task.wording, " ".join(occupations.statements[one] for one in task.statements)]
        by_text = (space.project(words) @ parts["texts"].T).mean(axis=0)
        by_element = profiles[:, [ids.index(one) for one in task.elements]].mean(axis=1)
        mixed = TEXTS_COUNT * _centred(by_text) + (1 - TEXTS_COUNT) * _centred(by_element)
        found[key] = _by_profession(keys, np.clip(mixed / mixed.max(), -1, 1))
    return found


def _shown_elements(occupations: onet.Occupations) -> tuple[list[onet.Element], Floats]:
    """The elements people are told about, and the importance (0 … 100) of each for every occupation, n x
    d."""
    elements = [*occupations.skill_elements, *occupations.knowledge_elements]
    importance = (np.hstack([occupations.skills, occupations.knowledge]) - 1) * PERCENT
    shown = [number for number, element in enumerate(elements) if element.id not in LEFT_OUT]
    return [elements[number] for number in shown], importance[:, shown]


def _profession_parts(
    professions: Sequence[Mapping[str, Any]],
    occupations: onet.Occupations,
    vectors: Vectors,
    space: TextSpace,
) -> dict[str, Floats]:
    """Vectors of the professions, one row each."""
    rows: dict[str, list[Floats]] = defaultdict(list)
    for one in professions:
        code = str(one["onet_code"])
        own = vectors.mixed(dict.fromkeys(STAND_INS.get(code, (code,)), 1.0))
        if code in STAND_INS:
            if code not in occupations.unrated:
                raise BadInput(f"professions.toml, {one['key']}: O*NET has no occupation {code}")
            texts = occupations.unrated[code]
            own["texts"] = space.project(
                [occupation_vectors.text(texts.title, texts.description, texts.tasks)]
            )
        for name, part in own.items():
            rows[name].append(part)
    return {name: np.vstack(parts) for name, parts in rows.items()}


def _profession_weights(code: str, vectors: Vectors) -> Floats:
    stand_ins = STAND_INS.get(code, (code,))
    return _weights({one: 1 / len(stand_ins) for one in stand_ins}, vectors)


def _similar(mixture: Mapping[str, Floats], parts: Mapping[str, Floats]) -> Floats:
    """1 x p: one mixture with p professions."""
    return Vectors((), (), parts).similarity_to(mixture)


def _most_typical(links: Sequence[Link], similarity: Floats, vectors: Vectors) -> list[Link]:
    """A few of the many occupations of a background, the nearest to their common vector first."""
    near = dict(zip(vectors.codes, similarity.tolist(), strict=True))
    return sorted(links, key=lambda one: (-near[one.code], one.code))[:MOST_OCCUPATIONS]


def _shares(links: Iterable[Link], vectors: Vectors, key: str) -> dict[str, float]:
    shares: dict[str, float] = defaultdict(float)
    for one in links:
        if one.code not in vectors.codes:
            raise BadInput(f"{key}: O*NET has no ratings for occupation {one.code}")
        shares[one.code] += one.share
    return dict(shares)


def _weights(shares: Mapping[str, float], vectors: Vectors) -> Floats:
    """n long: the share of every occupation, 0 for most."""
    return np.array([shares.get(code, 0.0) for code in vectors.codes])


def _from_table(code: str, title: str, share: float, rows: Sequence[_ServiceRow]) -> Link:
    of_title = _word_stems(title)
    exact = any(row.only and _word_stems(row.service_title) == of_title for row in rows)
    dod = dict(sorted((row.group, row.group_title) for row in rows))
    return Link(code, share, "exact" if exact else "group", tuple(dod.items()), len(rows))


def _link_row(link: Link, titles: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": link.code,
        "title": titles.get(link.code, ""),
        "kind": link.kind,
        "share": round(link.share, 3),
    }
    if link.dod:
        row |= {"dod": [list(one) for one in link.dod], "service_codes": link.service_codes}
    if link.note:
        row["note"] = link.note
    return row


def _toml(file: Path, table: str) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[table]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise BadInput(f"{file}: {error!r}") from error
    return rows


def _centred(values: Floats) -> Floats:
    """Minus the mean, the farthest value at 1 or -1."""
    centred = values - values.mean()
    return np.asarray(centred / max(float(np.abs(centred).max()), 1e-9), dtype=np.float64)


def _by_profession(keys: Sequence[str], values: Floats) -> dict[str, float]:
    return {key: round(float(value), 3) for key, value in zip(keys, values, strict=True)}


def _whole(values: Floats) -> list[int]:
    return [int(one) for one in np.rint(values)]


def _word_stems(title: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-z]{4,}", title.lower())} - {"other", "except"}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
