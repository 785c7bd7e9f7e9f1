"""Templates: responsive layout recipes with named slots. `model.py` the values, `read.py` the file format, `when.py` conditions,
`shipped.py` those that ship with Affiche. Which one a product gets is art direction: `direct/`."""
