"""The tour: the portal on a real server with the example campaigns, gone through in a browser; pictures and captions of it.

`stops.py` is the way (what is looked at, with its caption), `house.py` what stands there before anybody looks, `__main__.py`
walks.
"""
