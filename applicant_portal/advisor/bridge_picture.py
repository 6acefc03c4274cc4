"""Where boxes and ties of the bridge stand. The template draws them; the same words are in the table
beside."""

from collections.abc import Sequence
from dataclasses import dataclass

from applicant_portal.advisor.bridge_view import Bridge

LINE = 18
PADDING = 14
GAP = 14


@dataclass(frozen=True, slots=True)
class Box:
    """A box with lines of text in it. `look`: box, have, gap, goal."""

    x: float
    y: float
    width: float
    look: str
    lines: tuple[str, ...]
    soft: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        return PADDING * 2 + LINE * (len(self.lines) + len(self.soft)) - 6

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def baselines(self) -> list[tuple[str, float, bool]]:
        """(text, y, whether it is a remark)."""
        rows = [(line, False) for line in self.lines] + [(line, True) for line in self.soft]
        first = self.y + PADDING + 11
        return [(text, first + LINE * number, soft) for number, (text, soft) in enumerate(rows)]


@dataclass(frozen=True, slots=True)
class Tie:
    """A curve from the right of one box to the left of another. `kind`: exact, group, near."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    boxes: tuple[Box, ...]
    ties: tuple[Tie, ...]


def wide(bridge: Bridge) -> Picture:
    """Three columns: service or work, skills, professions."""
    looks = [(skill.name, "gap" if skill.missing else "have") for skill in bridge.skills]
    skills = _column(240, 270, looks, 30)
    height = _bottom(skills)
    groups = _centred(0, 200, [(name, "box") for name in bridge.groups], 22, height)
    goals = _centred(550, 210, [(name, "goal") for name in bridge.professions], 20, height)
    at_group = dict(zip(bridge.groups, groups, strict=True))
    at_goal = dict(zip(bridge.professions, goals, strict=True))
    ties = []
    for skill, box in zip(bridge.skills, skills, strict=True):
        ties += [_tie(at_group[name], box, _kind(kind)) for name, kind in skill.origins]
        ties += [_tie(box, at_goal[name], "near") for name in skill.professions]
    height = max(height, _bottom(groups), _bottom(goals))
    return Picture(760, height + 1, (*groups, *skills, *goals), tuple(ties))


def slim(bridge: Bridge, missing: str) -> Picture:
    """Two columns for a phone: skills, with the role written in the box, and professions."""
    skills = []
    y = 1.0
    for skill in bridge.skills:
        remark = missing if skill.missing else ", ".join(name for name, _ in skill.origins)
        box = Box(1, y, 178, "gap" if skill.missing else "have", wrapped(skill.name, 20), wrapped(remark, 22))
        skills.append(box)
        y += box.height + GAP
    goals = _centred(202, 137, [(name, "goal") for name in bridge.professions], 14, _bottom(skills))
    at_goal = dict(zip(bridge.professions, goals, strict=True))
    ties = [
        _tie(box, at_goal[name], "near")
        for skill, box in zip(bridge.skills, skills, strict=True)
        for name in skill.professions
    ]
    return Picture(340, max(_bottom(skills), _bottom(goals)) + 1, (*skills, *goals), tuple(ties))


def wrapped(text: str, most: int) -> tuple[str, ...]:
    """Lines of about `most` letters at most, broken at spaces."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _column(x: float, width: float, items: Sequence[tuple[str, str]], most: int, y: float = 1.0) -> list[Box]:
    boxes = []
    for name, look in items:
        boxes.append(Box(x, y, width, look, wrapped(name, most)))
        y += boxes[-1].height + GAP
    return boxes


def _centred(x: float, width: float, items: Sequence[tuple[str, str]], most: int, height: float) -> list[Box]:
    free = height - _bottom(_column(x, width, items, most))
    return _column(x, width, items, most, 1.0 + max(free, 0.0) / 2)


def _bottom(boxes: Sequence[Box]) -> float:
    return max((box.y + box.height for box in boxes), default=0.0)


def _tie(left: Box, right: Box, kind: str) -> Tie:
    start, end = left.x + left.width, right.x
    middle = (start + end) / 2
    above, below = f"{left.middle:g}", f"{right.middle:g}"
    path = f"M{start:g} {above}C{middle:g} {above} {middle:g} {below} {end:g} {below}"
    return Tie(path, kind)


def _kind(kind: str) -> str:
    return kind if kind == "exact" else "group"
