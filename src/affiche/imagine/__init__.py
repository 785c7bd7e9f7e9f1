"""imagine: pictures that creatives can use, from files that people send.

`prepare` is the recipe (decode, cut out, trim, look); `matte` frees a product from a plain ground, `lettering` a logo from
its paper; `focal` says what to keep in a crop, from `faces` and `subject`;
`look` measures tones and colours; `store` is the lossless form for blobs.
"""

from affiche.imagine.prepare import Prepared, prepare, redrawn
from affiche.imagine.store import deserialize, serialize

__all__ = ["Prepared", "deserialize", "prepare", "redrawn", "serialize"]
