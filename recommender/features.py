"""Listings as arrays, worked out once for each state of the catalogue: row n is candidate n everywhere."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import filters
from recommender.schema import Answers, Candidate
from recommender.weights import AGE, AMOUNT, BEGINNER, FOREIGN, FREE, STATE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Fits = NDArray[np.int8]
"""1 known to fit, -1 known not to, 0 not known."""

KINDS = ("programme", "course", "track")
DEGREES = ("junior_bachelor", "bachelor", "master")
_MOST_ABOUT = 2
_MOST_KEPT = 400
_SIGN: Mapping[bool | None, int] = {True: 1, False: -1, None: 0}

Mark = tuple[str, ...]
"""What several listings have in common, for the caps of variety: (provider, …), (area, …), (kind, …),
(support,) or (alike, kind, area)."""


class Kept:
    """Arrays that were worked out, so that it is done once for each key. Safe to use from several threads."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, ...], NDArray[Any]] = {}
        self._lock = Lock()

    def get(self, key: tuple[str, ...], work: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """What `work` answered when the key was first asked for; not to be changed."""
        found = self._arrays.get(key)
        if found is None:
            found = work()
            with self._lock:
                # Cities and sets of answers make many keys; who asks rarely for one works it out again.
                if len(self._arrays) >= _MOST_KEPT:
                    self._arrays.clear()
                self._arrays[key] = found
        return found


class Candidates:
    """`rows` in the order in which equals are shown. `areas`, `fields`: the keys that make the columns.

    `area_mix` (n, areas): how much a listing is of each area; a row's length is 1, or 0 where nothing is
    known. `is_about` (n, areas): its main area, and the next where that comes close. `main_area` (n,): a
    column, or a number of its own below 0 for who leans to none. `field_mix` (n, fields). `base` (n,): the
    part of a score that no answer changes. `foreign` (n,): the part of what is known not to be taught in
    Ukrainian, where nobody asked for a language. `kinds`, `degrees`: value -> (n,). `support` (n,): tracks
    for people of a certain status; where the filters let one through, it is for this person. `bound` (n,):
    whether it has a form, hours and a place of its own, which a way to pay has not. `asks` (n,): whether it
    asks for an earlier education though it leads to no degree. `marks`: what each row has in common with
    others, `marked`: mark -> rows.
    """

    def __init__(self, rows: Sequence[Candidate], areas: Sequence[str], fields: Sequence[str]) -> None:
        self.rows = tuple(rows)
        self.areas = tuple(areas)
        mix = _table(rows, areas, lambda row: row.areas)
        even: Flags = np.all(mix > 0, axis=1)
        self.area_mix = _directions(mix, even)
        self.is_about: Flags = np.asfortranarray(_about(mix) & ~even[:, np.newaxis])
        self.main_area = [
            int(np.argmax(mix[number])) if self.is_about[number].any() else -1 - number
            for number in range(len(self.rows))
        ]
        self.field_mix = _table(rows, fields, lambda row: row.fields)
        foreign = self._where(lambda row: bool(row.languages) and "uk" not in (row.languages or ()))
        self.foreign: Floats = np.where(foreign, FOREIGN, 0.0)
        self.base = np.array([sum(_base(row).values()) for row in rows], dtype=np.float64)
        # What makes equals come in the order of the rows, small beside any difference that means something.
        self.tie_break: Floats = np.arange(len(self.rows), dtype=np.float64) * 1e-12
        self.support = self._where(lambda row: row.kind == "track" and "anyone" not in (row.audience or ()))
        self.kinds = {kind: self._where(lambda row, kind=kind: row.kind == kind) for kind in KINDS}  # type: ignore[misc]
        self.degrees = {one: self._where(lambda row, one=one: row.degree == one) for one in DEGREES}  # type: ignore[misc]
        self.bound = ~self.kinds["track"]
        self.asks = self._where(lambda row: row.degree is None and row.earlier_education is not None)
        self.number = {row.id: number for number, row in enumerate(self.rows)}
        self.marks = [self._marks(number) for number in range(len(self.rows))]
        self.marked = _grouped(self.marks)
        # Whom a row is open to depends on these alone: one row of each sort answers for all of its sort.
        doors = [(row.kind, row.routes, row.audience) for row in self.rows]
        self._doors = dict(zip(doors, self.rows, strict=True))
        numbers = {door: number for number, door in enumerate(self._doors)}
        self._door = np.array([numbers[door] for door in doors], dtype=np.intp)
        self._kept = Kept()

    def fit(self, question: str, value: str) -> Fits:
        """How every candidate fits one answer."""
        rule = filters.RULES[question]
        return self._kept.get((question, value), lambda: _signs(rule(row, value) for row in self.rows))

    def open_to(self, answers: Answers) -> Fits:
        """Whether a door is open to who answered so."""
        found: Fits = _signs(filters.open_to(row, answers) for row in self._doors.values())[self._door]
        return found

    def _marks(self, number: int) -> tuple[Mark, ...]:
        row, area = self.rows[number], self.main_area[number]
        kind = ("support",) if self.support[number] else ("kind", row.kind)
        if area < 0:
            return ("provider", row.provider), kind
        return ("provider", row.provider), kind, ("area", str(area)), ("alike", row.kind, str(area))

    def _where(self, holds: Callable[[Candidate], bool]) -> Flags:
        return np.fromiter((holds(row) for row in self.rows), dtype=bool, count=len(self.rows))


def _signs(fits: Iterable[bool | None]) -> Fits:
    return np.array([_SIGN[fit] for fit in fits], dtype=np.int8)


def _grouped(marks: Iterable[Iterable[Mark]]) -> Mapping[Mark, NDArray[np.intp]]:
    """Mark -> the rows that have it."""
    found: dict[Mark, list[int]] = {}
    for number, of_row in enumerate(marks):
        for mark in of_row:
            found.setdefault(mark, []).append(number)
    return {mark: np.array(rows, dtype=np.intp) for mark, rows in found.items()}


def _table(
    rows: Sequence[Candidate], columns: Sequence[str], values: Callable[[Candidate], Mapping[str, float]]
) -> Floats:
    table = np.zeros((len(rows), len(columns)))
    for number, row in enumerate(rows):
        found = values(row)
        table[number] = [found.get(column, 0.0) for column in columns]
    return table


def _directions(mix: Floats, even: Flags) -> Floats:
    """Rows of unit length, so that a match is a cosine: a listing of one area matches it wholly, one of many
    areas each a little. Who leans to no area at all matches each as little as the other."""
    length = np.where(even, mix.sum(axis=1), np.linalg.norm(mix, axis=1))[:, np.newaxis]
    found: Floats = np.divide(mix, length, out=np.zeros_like(mix), where=length > 0)
    return found


def _about(mix: Floats) -> Flags:
    nearest: Flags = np.zeros_like(mix, dtype=bool)
    np.put_along_axis(nearest, np.argsort(-mix, axis=1, kind="stable")[:, :_MOST_ABOUT], True, axis=1)
    close: Flags = (mix > 0) & (mix >= mix.max(axis=1, initial=0.0, keepdims=True) / 2)
    return nearest & close


def base_terms(row: Candidate) -> dict[str, float]:
    """The parts of a score that are facts of the listing: code -> contribution, none of them zero."""
    return {code: value for code, value in _base(row).items() if value}


def _base(row: Candidate) -> dict[str, float]:
    return {
        "state": STATE.get(row.state, 0.0),
        "age": AGE.get(row.age, 0.0),
        "free": FREE if row.price == 0 or row.funded else 0.0,
        "amount": AMOUNT if row.amount else 0.0,
        "beginner": BEGINNER if row.beginner else 0.0,
    }
