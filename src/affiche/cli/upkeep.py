"""`affiche verify`, `affiche backup`, `affiche restore`: the state of this home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from affiche import wire
from affiche.errors import UsageError
from affiche.settings import load

_NEEDS = "pip install 'affiche[service]'"


def verify() -> None:
    """Hash everything that is stored again, and look for what the registry names. Exit code 1 when something is wrong."""
    try:
        from affiche.registry.open import FILE, open_registry
        from affiche.upkeep.verify import verify as check
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint=_NEEDS) from None
    settings = load()
    known = bool(settings.database_url) or (settings.home / FILE).is_file()
    registry = open_registry(settings.database_url, settings.home) if known else None
    found = check(registry, wire.blobs(settings))
    if registry is not None:
        registry.close()
    typer.echo(f"{found.blobs} stored files, {found.bytes:,} bytes, {len(found.wrong)} altered, {len(found.missing)} missing")
    for blob in found.wrong:
        typer.echo(f"altered  {blob}")
    for blob, who in found.missing:
        typer.echo(f"missing  {blob}  named by {who}")
    if not found.ok:
        raise typer.Exit(1)


def sweep(
    remove: Annotated[bool, typer.Option("--remove", help="Do it; without this, only say what would go.")] = False,
    grace_h: Annotated[int, typer.Option("--grace-h", min=1, help="Files younger than this stay, hours.")] = 24,
    history_days: Annotated[int, typer.Option("--history-days", min=1, help="How long creatives of earlier runs are kept.")] = 90,
    deleted_days: Annotated[int, typer.Option("--deleted-days", min=0, help="How long deleted assets are kept.")] = 30,
    tree: Annotated[list[Path] | None, typer.Option("--tree", help="More folders with published campaigns.")] = None,
) -> None:
    """Let go what retention does not keep, and every stored file that nobody names. Legal hold keeps everything of it."""
    from datetime import UTC, datetime, timedelta

    try:
        from affiche.registry.open import FILE, open_registry
        from affiche.upkeep.sweep import Kept
        from affiche.upkeep.sweep import sweep as run
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint=_NEEDS) from None
    settings = load()
    known = bool(settings.database_url) or (settings.home / FILE).is_file()
    registry = open_registry(settings.database_url, settings.home) if known else None
    kept = Kept(history=timedelta(days=history_days), deleted=timedelta(days=deleted_days))
    trees = (settings.home / "service" / "out", settings.out, *(tree or ()))

    def outcomes() -> set[str]:
        with wire.ledger(settings, write=False) as ledger:
            return set(ledger.blobs())

    found = run(
        registry, wire.blobs(settings), outcomes, trees, kept=kept, at=datetime.now(UTC), grace_s=grace_h * 3600.0, remove=remove
    )
    if registry is not None:
        registry.close()
    for name, count in found.rows.items():
        typer.echo(f"{count:>8} {name}")
    typer.echo(f"{found.files:>8} files, {found.bytes:,} bytes")
    typer.echo(f"{'gone' if remove else 'would go: say --remove'}; {found.marked} files are named, {found.young} are too young")


def backup(target: Annotated[Path, typer.Argument(help="The tar file to write.")]) -> None:
    """Write registry, ledger and stored files into one file, while the service runs. The key ring is not in it."""
    try:
        from affiche.upkeep.backup import backup as write
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint=_NEEDS) from None
    settings = load()
    if settings.database_url or settings.blob_store:
        raise UsageError("PostgreSQL and object stores have backups of their own", hint="pg_dump; versioning of the bucket")
    listed = write(settings.home, wire.blobs(settings), target)
    typer.echo(f"{target}: {', '.join(listed['databases']) or 'no database'}, {listed['blobs']} stored files")


def reseal(
    new_key: Annotated[bool, typer.Option("--new-key", help="Only put a new key on the ring; restart, then reseal.")] = False,
) -> None:
    """Seal briefs, brand files, secrets of webhooks and remembered answers anew under the ring's current key."""
    try:
        from affiche.registry.migrate import upgrade
        from affiche.registry.open import open_registry
        from affiche.upkeep.reseal import reseal as run
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint=_NEEDS) from None
    settings = load()
    if new_key:
        typer.echo(f"{wire.new_seal_key(settings)} seals from now on; restart the service, then: affiche reseal")
        return
    seals, registry = wire.seals(settings), open_registry(settings.database_url, settings.home)
    try:
        upgrade(registry)
        did = run(registry, wire.sealer(settings), documents=seals is not None)
    finally:
        registry.close()
    for name, count in did.items():
        typer.echo(f"{count:7}  {name}")
    if seals is None:
        typer.echo("briefs and brand files that are not sealed stay so: AFFICHE_KEY_RING is not set")


def restore(source: Annotated[Path, typer.Argument(help="A file that `affiche backup` wrote.", exists=True)]) -> None:
    """Bring a backup into an empty AFFICHE_HOME; every byte is checked first."""
    try:
        from affiche.upkeep.backup import restore as read
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint=_NEEDS) from None
    settings = load()
    listed = read(source, settings.home)
    typer.echo(f"{settings.home}: {', '.join(listed['databases']) or 'no database'}, {listed['blobs']} stored files")
