"""The painter: draws frames, decides nothing.

Theory of operation. The base (set, photo, packshot, shadows) is composed in numpy and OpenCV on one RGBA buffer; fills
and the overlay are drawn by skia straight into the same memory (`MakeRasterDirect`). The buffer is opaque, so that
premultiplied and plain alpha are the same thing. Modules: `painter` (the port), `studio` (tinting a set), `shadow`
(contact, cast, reflection), `picture` (crop and resize), `vector` (fills and gradients), `dither`.
"""

from affiche.adapters.paint.painter import SkiaPainter
from affiche.adapters.paint.studio import SetFiles

__all__ = ["SetFiles", "SkiaPainter"]
