"""What was paid to providers."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from affiche.api.schema.shape import Out


class Part(Out):
    """What calls count for together, by provider or campaign. `failed`: paid and not usable, or nobody knows."""

    name: str
    calls: int
    failed: int
    amount: str
    currency: str


class OpenCall(Out):
    """A call whose end nobody knows: it counts in full until `affiche spend resolve` says what the provider's account shows."""

    id: int
    provider: str
    purpose: str
    campaign: str
    amount: str
    currency: str
    at: datetime


class Spend(Out):
    """A month of the whole house, all tenants. `cap`: the most that may be spent in it, empty when there is none."""

    month: str
    amount: str
    currency: str
    cap: str
    calls: int
    providers: list[Part] = Field(description="The dearest first.")
    campaigns: list[Part] = Field(description="The ten dearest.")
    uncertain: list[OpenCall] = Field(description="Of any month.")
