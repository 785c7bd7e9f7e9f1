"""The crop test set: made, labelled and scored here. `make` paints it, `score` compares ways to crop it.

PYTHONPATH=src:tools python -m crops.make     paints tests/data/crops (pictures and labels.toml)
PYTHONPATH=src:tools python -m crops.score [folder of photographs]    prints the table of docs/decisions/0005-what-a-crop-keeps.md
"""
