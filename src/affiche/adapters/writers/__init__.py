"""Writers: providers of words behind the port `Writer`, one SDK per file. `table.py` lists them, `chat.py` is what language
models have in common (pydantic-ai makes the request, exactly one per call), `errors.py` how their failures become ours.
"""
