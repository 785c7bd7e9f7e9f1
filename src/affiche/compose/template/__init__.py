"""Templates: responsive layout recipes with named slots. `model.py` the values, `read.py` the file format, `when.py` conditions,
`bind.py` which alternative is used for a request and which slots are filled."""
