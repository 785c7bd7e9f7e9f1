"""The shapes that go in and out, one file per kind of thing. May live here: pydantic models and how rows become them."""
