"""The Codec: files to pixels and pixels to files, every input treated as hostile.

Theory of operation: `sniff` names the format from magic bytes and reads the header (never the pixels); `limits` refuses
bytes and pixels before anything is decoded; `decode` gives oriented sRGB RGBA; `svg` cleans vector files and rasterises
them; `encode` writes the four delivery formats with pinned settings; `rows` splices changed bands into a JPEG.
Look next at `affiche.compose.encode`, which chooses quality and format.
"""

from affiche.adapters.codec.file import FileCodec
from affiche.adapters.codec.rows import CvRows

__all__ = ["CvRows", "FileCodec"]
