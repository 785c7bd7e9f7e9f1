"""`affiche doctor`: whether this machine can build, and what exactly to do when it cannot.

A list of checks, each independent of the others, none of which may crash: on a bare machine skia itself cannot be
loaded, and that is what this command must say. Nothing here imports a drawing library at module level.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from affiche.cli.show import print_json
from affiche.ports import FileFormat

#: Shared libraries that skia links on Linux, and the Debian package that brings each.
LIBRARIES = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libX11.so.6": "libx11-6", "libexpat.so.1": "libexpat1"}
#: Distribution -> module, for what a build cannot do without.
PACKAGES = {
    "skia-python": "skia", "icu4py": "icu4py", "numpy": "numpy", "opencv-contrib-python-headless": "cv2", "pillow": "PIL",
    "pyvips": "pyvips", "simplejpeg": "simplejpeg", "resvg-py": "resvg_py", "babel": "babel", "pydantic": "pydantic",
    "pyyaml": "yaml", "jinja2": "jinja2", "openpyxl": "openpyxl",
}  # fmt: skip
#: A campaign of a thousand creatives with caches stays below this.
DISK_MIN_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at. `hint` says what to do, with the exact command, when it is not ok."""

    id: str
    ok: bool
    found: str
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The stable JSON form."""
        return {"id": self.id, "ok": self.ok, "found": self.found, "hint": self.hint}


def doctor(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """Check that this machine can build; name exactly what is missing."""
    checks = list(examine())
    if json:
        print_json([check.as_dict() for check in checks])
    else:
        for check in checks:
            typer.echo(f"{'ok     ' if check.ok else 'MISSING'}  {check.id:<18} {check.found}")
            if check.hint:
                typer.echo(f"{'':9}{'':18} -> {check.hint}")
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


def examine() -> Iterator[Check]:
    """Every check, one after the other; a check that breaks is itself a finding."""
    for look in CHECKS:
        try:
            yield look()
        except Exception as error:  # noqa: BLE001 - a broken machine breaks in ways nobody listed
            name = look.__name__.strip("_").replace("_", "-")
            yield Check(id=name, ok=False, found=f"{type(error).__name__}: {error}", hint="please report this")


def _python() -> Check:
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Check(id="python", ok=fits, found=platform.python_version(), hint="" if fits else "use Python 3.11, 3.12 or 3.13")


def _platform() -> Check:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Check(id="platform", ok=True, found=f"{platform.system()} {platform.machine()}, {cores} cores")


def _system_libraries() -> Check:
    missing = missing_libraries()
    if not missing:
        return Check(id="system-libraries", ok=True, found=", ".join(LIBRARIES))
    packages = " ".join(LIBRARIES[name] for name in missing)
    hint = f"apt-get install -y --no-install-recommends {packages}   (as root)"
    return Check(id="system-libraries", ok=False, found=f"not there: {', '.join(missing)}", hint=hint)


def missing_libraries() -> list[str]:
    """The shared libraries of `LIBRARIES` that the loader does not find; empty where skia brings its own."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def _packages() -> Check:
    broken = {}
    for distribution, module in PACKAGES.items():
        try:
            importlib.import_module(module)
        except (ImportError, OSError) as error:
            broken[distribution] = str(error).splitlines()[0]
    found = ", ".join(f"{name} {_version(name)}" for name in PACKAGES if name not in broken)
    if not broken:
        return Check(id="packages", ok=True, found=found)
    said = "; ".join(f"{name}: {why}" for name, why in broken.items())
    return Check(id="packages", ok=False, found=said, hint="pip install --force-reinstall " + " ".join(broken))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "(no metadata)"


def _fonts() -> Check:
    fonts = importlib.import_module("affiche_fonts")
    faces = fonts.faces()
    altered = [alias for alias, face in faces.items() if not _same(fonts.path(alias), face.sha256)]
    if altered:
        return Check(id="fonts", ok=False, found=f"missing or altered: {', '.join(altered)}", hint="install Affiche again")
    return Check(id="fonts", ok=True, found=f"{len(faces)} faces of {len(fonts.families())} families, digests as shipped")


def _same(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _home() -> Check:
    from affiche.settings import load

    home = load().home
    home.mkdir(parents=True, exist_ok=True)
    probe = home / f".doctor-{os.getpid()}"
    probe.write_bytes(b"ok")
    probe.unlink()
    return Check(id="home", ok=True, found=f"{home} can be written")


def _disk() -> Check:
    from affiche.settings import load

    place = load().home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    hint = "" if free >= DISK_MIN_BYTES else f"free some space, or set AFFICHE_HOME to a folder with {DISK_MIN_BYTES // 10**9} GB"
    return Check(id="disk", ok=not hint, found=f"{free / 1e9:.1f} GB free", hint=hint)


#: A campaign that needs no file: one product, one word in two scripts, one placement.
_TINY = """\
affiche: 1
campaign: doctor
brand: {name: Doctor}
message: {locale: en-US, headline: Ready}
copy: {ar-SA: {headline: جاهز}}
markets: [{region: US, locales: [en-US]}, {region: SA, locales: [ar-SA]}]
products: [{id: one, name: One}]
ratios: ["320x50"]
"""


def _codecs() -> Check:
    import numpy as np

    from affiche import wire

    codec = wire.file_codec()
    pixels = np.full((16, 16, 4), 255, np.uint8)
    sizes = {kind: len(codec.encode(pixels, format=kind, quality=80)) for kind in get_args(FileFormat)}
    return Check(id="codecs", ok=all(sizes.values()), found=f"can write {', '.join(sizes)}")


def _frame() -> Check:
    """Builds a tiny campaign from end to end, with a home of its own and a render process."""
    from affiche import wire
    from affiche.cli.campaign import plan_of, today
    from affiche.produce import Built, build
    from affiche.settings import load

    with tempfile.TemporaryDirectory(prefix="affiche-doctor-") as place:
        folder, settings = Path(place), replace(load(), home=Path(place) / "home")
        (folder / "brief.yaml").write_text(_TINY, encoding="utf-8")
        planned = plan_of(folder / "brief.yaml", settings, {})
        with wire.ledger(settings, write=True) as ledger, wire.crew(settings, 1) as crew:
            events = build(planned, crew, ledger=ledger, blobs=wire.blobs(settings), out_dir=folder / "out", today=today())
            built = next(event for event in events if isinstance(event, Built))
        broken = [f.message for c in built.run.creatives for f in c.findings if f.status == "error"]
    if broken:
        return Check(id="frame", ok=False, found=broken[0], hint="see the checks above")
    return Check(id="frame", ok=True, found=f"a render process drew {len(built.run.creatives)} creatives")


CHECKS: tuple[Callable[[], Check], ...] = (
    _python, _platform, _system_libraries, _packages, _fonts, _codecs, _home, _disk, _frame,
)  # fmt: skip
