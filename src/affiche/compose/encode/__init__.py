"""encode: the finished pixels as a file that meets the placement's weight and format, with the smallest loss.

`chroma.chroma_of` decides the colour resolution from the frame, `search.encode_within` finds format and quality in few
encodes. The codec is an argument; nothing here touches files.
"""

from affiche.compose.encode.chroma import chroma_of
from affiche.compose.encode.search import Encoded, OutputSpec, encode_within

__all__ = ["Encoded", "OutputSpec", "chroma_of", "encode_within"]
