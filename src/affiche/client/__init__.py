"""A typed client of the API: `async with Affiche(url, key=...) as affiche: ...`. Needs httpx2 and nothing else of the service.

`affiche.py` holds the verbs, `shapes.py` what they give, `call.py` how requests are made, repeated and refused.
"""

from affiche.client.affiche import Affiche
from affiche.client.call import Problem

__all__ = ["Affiche", "Problem"]
