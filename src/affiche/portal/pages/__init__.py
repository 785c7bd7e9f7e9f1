"""Pages, one module an area: ask the API, shape what it says, render."""
