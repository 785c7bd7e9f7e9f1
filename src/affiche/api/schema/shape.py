"""What all shapes have in common: what comes in is strict, what goes out ignores columns that are nobody's business."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from affiche.registry.scope import Row


class In(BaseModel):
    """Something that is sent to us: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """Something that we answer."""

    model_config = ConfigDict(extra="ignore")


Item = TypeVar("Item", bound=Out)


class Page(Out, Generic[Item]):
    """A part of a list, newest first. `next`: the cursor of the next part, empty at the end."""

    items: list[Item]
    next: str = ""


def page_of(shape: Callable[..., Item], found: tuple[Sequence[Row], str]) -> dict[str, Any]:
    """A page of rows as plain data."""
    rows, cursor = found
    return {"items": [shape(**row).model_dump(mode="json") for row in rows], "next": cursor}


class ProblemItem(Out):
    """One thing that is wrong: where (`file:line:col (pointer)` or a JSON pointer), what, and what to do."""

    severity: str
    code: str
    where: str = ""
    message: str
    hint: str = ""


class ProblemDetails(Out):
    """An error (RFC 9457). `code` is stable; `request_id` finds the request in our logs."""

    type: str = Field(examples=["urn:affiche:problem:not-found"])
    title: str
    status: int
    code: str = Field(examples=["not-found"])
    detail: str
    hint: str = ""
    pointer: str = ""
    problems: list[ProblemItem] = Field(default_factory=list)
    request_id: str = ""


class Money(Out):
    """An amount as exact decimal text."""

    amount: str
    currency: str


Slug = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$", examples=["aurora"])]
