"""From service roles and earlier work to IT professions: how near, what a person already has, what is
missing.

Reads recommender/artefact/bridge.json (made by recommender.bridge_building) and needs nothing but the
standard library: no scikit-learn, no numpy. A *group* is a service role or an earlier background. Several
groups are a union: each profession is as near as to the nearest of them, each skill as strong as in the
strongest, so that naming one more role never takes anything away.

How an occupation came into a group is its kind: "exact", "group" or "editorial"
(recommender.bridge_building). A tie to a profession is always a "similarity": nobody stated it, it was
computed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ARTEFACT = Path(__file__).parent / "artefact" / "bridge.json"

SIMILARITY = "similarity"
IMPORTANT = 45
"""Out of 100. O*NET's own "important" is 50; means of several raters stay a little below."""
DISTINCT = 0.5
"""Standard deviations above the mean of all occupations. Nearly every occupation needs listening and
speaking: to name those says nothing about a profession."""
NEARLY = 8
FAR = 20
"""Points below what the profession needs: up to NEARLY a person has it, from FAR on it is missing."""


class BadBridge(Exception):
    """The artefact is missing or broken; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """An O*NET occupation behind a group. `share` 0 … 1 says how much of the group it is; `dod` are pairs
    (code, title) of US DoD occupation groups, `service_codes` how many service codes lead here; `note` is
    Ukrainian and given where the choice was ours."""

    code: str
    title: str
    kind: str
    share: float
    dod: tuple[tuple[str, str], ...]
    service_codes: int
    note: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A group that brings an element, and the kind of most of its occupations."""

    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class Have:
    """An element (O*NET id) the profession needs and some groups have, the strongest first."""

    element: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What ties groups to a profession: elements they have, and ids of elements that are missing."""

    profession: str
    kind: str
    have: tuple[Have, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    importance: tuple[int, ...]
    affinity: Mapping[str, float]
    cosine: Mapping[str, float]
    sources: tuple[Source, ...]
    occupations: int
    kind: str


class Bridge:
    """The content of bridge.json."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Raises KeyError, TypeError and ValueError where a part is missing or of another form."""
        self.about: Mapping[str, str] = content["about"]
        self.elements: tuple[str, ...] = tuple(one["id"] for one in content["elements"])
        self._scale = [(float(one["mean"]), float(one["spread"])) for one in content["elements"]]
        self._professions = {
            key: self._importance(one["importance"]) for key, one in content["professions"].items()
        }
        self._groups = {key: self._group(one) for key, one in content["groups"].items()}
        self._tasks = {
            task: {key: float(values[key]) for key in self._professions}
            for task, values in content["tasks"].items()
        }

    @classmethod
    def read(cls, file: Path = ARTEFACT) -> "Bridge":
        """From a file. Raises BadBridge."""
        try:
            return cls(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadBridge(f"{file}: {error!r}") from error

    @property
    def groups(self) -> tuple[str, ...]:
        """Keys of all groups, roles first."""
        return tuple(self._groups)

    @property
    def professions(self) -> tuple[str, ...]:
        """Keys of all professions."""
        return tuple(self._professions)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Ids of the questionnaire's tasks."""
        return tuple(self._tasks)

    def affinity(self, groups: Iterable[str]) -> dict[str, float]:
        """{profession: 0 … 1}, 0.5 = as near as occupations are on average; all 0 where nothing is known of
        any group. Raises KeyError on a group that does not exist."""
        return self._nearest([self._groups[key].affinity for key in groups], nothing=0.0)

    def cosine(self, groups: Iterable[str]) -> dict[str, float]:
        """{profession: -1 … 1}: the similarity before it was made comparable between professions; all -1
        where nothing is known. Raises KeyError on a group that does not exist."""
        return self._nearest([self._groups[key].cosine for key in groups], nothing=-1.0)

    def task_affinity(self, task: str) -> dict[str, float]:
        """{profession: -1 … 1}: how much of the task the profession is, 0 = as much as professions on
        average. Raises KeyError on a task that does not exist."""
        return dict(self._tasks[task])

    def link(
        self,
        groups: Iterable[str],
        profession: str,
        most_have: int | None = 4,
        most_missing: int | None = 2,
    ) -> Link:
        """What the groups together have of what the profession needs, most telling first; None = all of it.

        Of groups about which nothing is known, everything is missing. Raises KeyError on a group or
        profession that does not exist.
        """
        known = {key: self._groups[key] for key in sorted(set(groups)) if self._groups[key].importance}
        needs = self._professions[profession]
        have: list[tuple[float, Have]] = []
        missing: list[tuple[float, str]] = []
        for place, element in enumerate(self.elements):
            distinct = self._deviations(place, needs[place])
            if needs[place] < IMPORTANT or distinct < DISTINCT:
                continue
            strong = {
                key: group for key, group in known.items() if group.importance[place] >= needs[place] - NEARLY
            }
            best = max((group.importance[place] for group in known.values()), default=0)
            if strong:
                # Telling is what both sides stand out by, not what the profession shares with everyone.
                telling = min(distinct, self._deviations(place, best))
                have.append((telling, Have(element, _origins(strong, place))))
            elif best < needs[place] - FAR:
                missing.append((distinct, element))
        return Link(
            profession,
            SIMILARITY,
            tuple(one for _, one in sorted(have, key=lambda pair: (-pair[0], pair[1].element))[:most_have]),
            tuple(one for _, one in sorted(missing, key=lambda pair: (-pair[0], pair[1]))[:most_missing]),
        )

    def sources(self, group: str) -> tuple[Source, ...]:
        """The occupations behind a group, the weightiest first; of a background with many, the most typical.
        Raises KeyError on a group that does not exist."""
        return self._groups[group].sources

    def occupations(self, group: str) -> int:
        """How many occupations are behind a group. Raises KeyError on a group that does not exist."""
        return self._groups[group].occupations

    def _nearest(self, found: list[Mapping[str, float]], nothing: float) -> dict[str, float]:
        return {
            key: max((values[key] for values in found if values), default=nothing)
            for key in self._professions
        }

    def _deviations(self, place: int, importance: float) -> float:
        mean, spread = self._scale[place]
        return (importance - mean) / spread

    def _importance(self, values: Iterable[Any]) -> tuple[int, ...]:
        numbers = tuple(int(one) for one in values)
        if len(numbers) != len(self.elements):
            raise ValueError(f"{len(numbers)} importances of {len(self.elements)} elements")
        return numbers

    def _group(self, content: Mapping[str, Any]) -> _Group:
        sources = tuple(_source(one) for one in content["links"])
        if not sources:
            return _Group((), {}, {}, (), 0, "")
        shares: dict[str, float] = {}
        for one in sources:
            shares[one.kind] = shares.get(one.kind, 0.0) + one.share
        return _Group(
            self._importance(content["importance"]),
            {key: float(content["affinity"][key]) for key in self._professions},
            {key: float(content["cosine"][key]) for key in self._professions},
            sources,
            int(content["occupations"]),
            max(shares, key=lambda kind: shares[kind]),
        )


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        code=row["code"],
        title=row["title"],
        kind=row["kind"],
        share=float(row["share"]),
        dod=tuple((code, title) for code, title in row.get("dod", ())),
        service_codes=int(row.get("service_codes", 0)),
        note=row.get("note", ""),
    )


def _origins(groups: Mapping[str, _Group], place: int) -> tuple[Origin, ...]:
    strongest_first = sorted(groups, key=lambda key: (-groups[key].importance[place], key))
    return tuple(Origin(key, groups[key].kind) for key in strongest_first)
