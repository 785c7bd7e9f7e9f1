"""`affiche serve`: API, portal shell and one worker in one process, on one machine. `laptop.py` starts them."""
