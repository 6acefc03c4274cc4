"""What the workspace refuses, each as a type; a sentence is a Ukrainian msgid with named parameters, so that
a page says it in its own language and a program reads which field is meant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


class Unfit(ValueError):
    """A raw value that a type of field cannot read."""

    def __init__(self, sentence: str, **params: Any) -> None:
        super().__init__(sentence % params if params else sentence)
        self.sentence = sentence
        self.params: Mapping[str, Any] = params


class BadValue(ValueError):
    """A field that cannot be set so. `field` as in `representation.shown`: "title", "offers.12.price_uah";
    an offer not yet there is "offers.new1", the first without an id. `all`: this one and the others of the
    same request, one a field."""

    def __init__(self, field: str, sentence: str, params: Mapping[str, Any] | None = None) -> None:
        self.field = field
        self.sentence = sentence
        self.params = params or {}
        self.all: Sequence[BadValue] = (self,)
        super().__init__(f"{field}: {sentence % self.params if self.params else sentence}")


class SameProgramme(Exception):
    """There is such a listing already: by institution, degree, speciality and name they are one."""

    def __init__(self, listing_id: str, title: str, visibility: str) -> None:
        super().__init__(f"{listing_id}: {title}")
        self.listing_id = listing_id
        self.title = title
        self.visibility = visibility


class Gaps(Exception):
    """What must be there before the public sees it: names of fields, in the order of the form."""

    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(", ".join(self.fields))


class KeyReused(Exception):
    """The same idempotency key with another request."""
