"""The crop test set: made, labelled and scored here. `make` paints it, `score` compares ways to crop it.

    python -m crops.make     paints tests/data/crops (pictures and labels.toml)
    python -m crops.score    prints the table of docs/decisions/0005-what-a-crop-keeps.md
"""
