"""The table: every row of the budgets, in their order, then rows against alternatives, with the function that measures each."""

from __future__ import annotations

from collections.abc import Callable

from bench import campaigns, load, others, pages, pair, rivals, routing, sets, stills, through
from bench.measure import Row

ROWS: dict[str, Callable[[int], Row]] = {
    "stills-warm": stills.warm,
    "stills-checked": stills.checked,
    "build-whole": campaigns.whole_build,
    "iab-banners": stills.banners,
    "photo-cold": stills.cold_photo,
    "set-cold": sets.cold_set,
    "plan-10000": campaigns.plan,
    "plan-10000-overflow": campaigns.plan_with_overflow,
    "rebuild-1000": campaigns.rebuild,
    "memory-2000": campaigns.memory,
    "two-processes": pair.scaling,
    "router-market": routing.market_row,
    "router-overhead": routing.overhead_row,
    "api-post": load.post_row,
    "api-get": load.get_row,
    "api-post-postgresql": through.post_row,
    "api-get-postgresql": through.get_row,
    "pages-review": pages.review_row,
    "pages-others": pages.others_row,
    "service-hour": through.throughput,
    "service-overhead": through.overhead,
    "against-pillow": others.pillow,
    "against-sharp": rivals.sharp,
    "against-satori": rivals.satori,
    "against-chromium": rivals.chromium,
}
