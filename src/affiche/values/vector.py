"""Vectors of meaning: float32, one dimension, of length 1, in the space of one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]
else:
    # Only a type: who asks for no meaning must not pay for loading numpy.
    Vector = Any
