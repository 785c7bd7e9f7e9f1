"""`affiche new my-campaign`: a folder with a brief, a brand and a drawn logo that builds as it is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from affiche.errors import InputError, UsageError
from affiche.values.slug import slug

_FILES = ("brief.yaml", "brand.yaml", "logo.svg", "logo-on-dark.svg")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("new")(new)


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name becomes the campaign's id.")],
) -> None:
    """Makes a campaign to start from: edit it, then `affiche build FOLDER/brief.yaml`."""
    made = scaffold(folder)
    typer.echo(f"Made {folder}/ with {', '.join(file.name for file in made)}.")
    typer.echo(f"Next: affiche build {folder}/brief.yaml")


def scaffold(folder: Path) -> tuple[Path, ...]:
    """Writes the files of a new campaign.

    Raises InputError when `folder` holds anything, UsageError when its name has no letter or digit.
    """
    campaign = slug(folder.resolve().name)
    if not campaign:
        raise UsageError(
            f"{folder.name!r} has no letter or digit to make an id from",
            hint="for example: affiche new summer-launch",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"{folder} exists already and is not empty", hint="choose another name; nothing was written"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            (folder / name).write_text(_text(name).replace("my-campaign", campaign), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}") from None
    return tuple(folder / name for name in _FILES)


def _text(name: str) -> str:
    return files("affiche.cli").joinpath("scaffold", name).read_text("utf-8")
