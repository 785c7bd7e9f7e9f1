"""Pictures and phrases as vectors of one space, by encoders that the operator brings as a folder of files."""

from affiche.adapters.embed.encoders import OnnxEmbedder
from affiche.adapters.embed.folder import ModelFolder, read_folder

__all__ = ["ModelFolder", "OnnxEmbedder", "read_folder"]
