"""What a run of the seed did, file by file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from applicant_portal.importers.report import ImportReport
from applicant_portal.importers.values import BadValue, RefusedRow


@dataclass(slots=True)
class SeedReport(ImportReport):
    """Refusals name the file with the field: "courses.jsonl: price_uah"."""

    @contextmanager
    def row(self, file: str, number: int) -> Iterator[None]:
        """Inside: one row; what is wrong with it is noted, and the next one goes on."""
        try:
            yield
        except RefusedRow as refused:
            self.refuse(number, f"{file}: {refused.field}", refused.reason)
        except (BadValue, KeyError, TypeError, ValueError, AttributeError) as error:
            self.refuse(
                number,
                file,
                f"{type(error).__name__}: {error}" if not isinstance(error, BadValue) else str(error),
            )
