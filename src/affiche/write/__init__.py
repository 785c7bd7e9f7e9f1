"""Copy for each creative: given -> translation memory -> reviewed phrasebook -> (model) -> source text, flagged.

`words.py` resolves one creative's words and always says where each comes from; `phrasebook.py` knows calls to action in many
languages (data: `data/phrasebook.toml`); `split.py` parts a headline that is a paragraph.
"""
