"""Brief: what the client asks for. `read` any file (`strict` ours, `importer/` others'), `feed` product feeds; `model` is the value."""
