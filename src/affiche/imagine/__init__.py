"""imagine: pictures that creatives can use, from files that people send or from models.

`prepare` is the recipe for a file (decode, cut out, trim, look); `matte` frees a product from a plain ground, `lettering` a logo
from its paper; `focal` says what to keep in a crop, from `faces` and `subject`; `look` measures tones and colours; `store` is
the lossless form for blobs. `route` is the recipe for a picture of a model: `able` says who can, `arms` who is asked, `limits`
how fast, `accept` whether the answer can be used; `prompt` what is asked; `stand` and `extend` keep the own pixels of the client.

Nothing is imported here: a plan asks `able` and `prompt`, and must not pay for loading what works on pixels.
"""
