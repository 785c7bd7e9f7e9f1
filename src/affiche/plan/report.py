"""A plan with its quote as plain data: the stable JSON of `affiche plan --json` and of the API's dry run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from affiche.plan.model import Plan, Wish
from affiche.plan.quote import Quote

if TYPE_CHECKING:
    from affiche.plan.fit import Overflow

#: The sides of the matrix, by which a plan can be narrowed.
NAMES = ("product", "locale", "placement", "variant")


def as_dict(planned: Plan, quoted: Quote, found: Sequence[Overflow]) -> dict[str, Any]:
    """The stable JSON form."""
    total = quoted.total
    return {
        "campaign": planned.campaign,
        "creatives": len(planned.creatives),
        "matrix": matrix(planned),
        "steps": {
            "total": total.total,
            "reused": total.reused,
            "to_run": total.to_run,
            "by_kind": {k: {"total": c.total, "reused": c.reused, "to_run": c.to_run} for k, c in quoted.steps.items()},
        },
        "reasons": [{"why": r.what, "creatives": r.creatives, "locales": list(r.locales)} for r in quoted.reasons],
        "paid_calls": quoted.paid_calls,
        "wishes": [wish_dict(wish) for wish in planned.wishes],
        "cost": {
            "min": float(quoted.cost_min.amount),
            "max": float(quoted.cost_max.amount),
            "currency": quoted.cost_min.currency,
        },
        "seconds": quoted.seconds,
        "overflow": [overflow.as_dict() for overflow in found],
        "problems": [problem.as_dict() for problem in planned.problems],
    }


def wish_dict(wish: Wish) -> dict[str, Any]:
    """The stable JSON form of a picture that a model is asked for."""
    return {
        "key": wish.key, "product": wish.product, "purpose": wish.purpose,
        "size": [wish.request.size.width, wish.request.size.height], "prompt": wish.request.prompt,
        "style_pictures": len(wish.request.style),
        "least": str(wish.least.amount), "most": str(wish.most.amount), "currency": wish.least.currency,
        "price_as_of": str(wish.as_of or ""),
    }  # fmt: skip


def matrix(planned: Plan) -> dict[str, list[str]]:
    """The names along each side of the matrix."""
    ids = [creative.id for creative in planned.creatives]
    return {f"{name}s": list(dict.fromkeys(getattr(id, name) for id in ids)) for name in NAMES}
