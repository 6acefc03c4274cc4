"""What an import did, for people and for machines."""

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

DONE, SOME_REFUSED, NOTHING_DONE = 0, 1, 2

Outcome = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that did not go in. `row` counts data rows from 1; `field` is named as in the file."""

    row: int
    field: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Counts of rows: `rows` is the sum of the four outcomes. `error` is set when nothing was read."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    error: str | None = None

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + len(self.refused)

    @property
    def exit_code(self) -> int:
        """0 everything done; 1 some rows refused, the rest in; 2 nothing read or done."""
        if self.error is not None:
            return NOTHING_DONE
        return SOME_REFUSED if self.refused else DONE

    def count(self, outcome: Outcome) -> None:
        """One more row with this outcome."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def refuse(self, row: int, where: str, reason: str) -> None:
        self.refused.append(Refusal(row, where, reason))

    def as_dict(self) -> dict[str, object]:
        """The shape of the contract; "error" stands in it only when nothing was read."""
        shape: dict[str, object] = {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": [
                {"row": refusal.row, "field": refusal.field, "reason": refusal.reason}
                for refusal in sorted(self.refused, key=lambda refusal: refusal.row)
            ],
        }
        return shape if self.error is None else shape | {"error": self.error}

    def sentence(self) -> str:
        """One line for the terminal."""
        if self.error is not None:
            return self.error
        return (
            f"Рядків {self.rows}: додано {self.created}, оновлено {self.updated}, "
            f"без змін {self.unchanged}, відхилено {len(self.refused)}."
        )


class ReportFile:
    """A report that appears whole or not at all, at a place found writable before the work begins.

    Raises OSError when the folder is missing or closed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder")
        descriptor, draft = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        os.close(descriptor)
        self._draft = Path(draft)

    def write(self, report: ImportReport) -> None:
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
        self._draft.write_text(text + "\n", encoding="utf-8")
        self._draft.chmod(0o644)
        self._draft.replace(self._path)

    def discard(self) -> None:
        """Leave nothing behind when no report was written."""
        self._draft.unlink(missing_ok=True)
