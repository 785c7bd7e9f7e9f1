"""Publish: a finished run becomes a folder that people and machines can use.

    publish -> slugs, tree (places files) -> gallery, contact_sheet, findings, packages -> manifest

`publish.publish(run, blobs, out_dir)` is the recipe; `model.py` holds the values it takes; `thumbnail.thumbnail` and
`provenance` are pure functions for the render process. Looks down to ports and values only.
"""
