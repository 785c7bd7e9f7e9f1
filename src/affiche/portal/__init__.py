"""portal: the web face of the service, as pages. It does nothing that the API cannot do: every page asks the API, in this
process, as the person who looks at it.

`app.py` has the table of pages; `pages/` one module an area, each function a page: ask, shape, render. `gateway.py` is how
the API is asked, `views.py` how a page is made, `words.py` in which language. What a browser runs is in `static/`, without a
build step.
"""
