"""`affiche doctor` names exactly what is missing, and does not break on a machine that is."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

import affiche_fonts
from affiche.cli import doctor
from affiche.cli.main import run


def test_a_whole_machine_is_ok(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json"]) == 0
    checks = json.loads(capsys.readouterr().out)
    assert {"python", "system-libraries", "packages", "fonts", "codecs", "frame", "home", "disk"} <= {c["id"] for c in checks}
    assert all(c["ok"] for c in checks)


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def load(name: str) -> object:
        if name == "libEGL.so.1":
            raise OSError("libEGL.so.1: cannot open shared object file")
        return object()

    monkeypatch.setattr(doctor.ctypes, "CDLL", load)
    assert run(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "libEGL.so.1" in said and "libegl1" in said and "libX11" not in said.split("libegl1")[0].split("not there")[1]


def test_a_broken_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor.importlib.import_module

    def load(name: str) -> object:
        if name == "skia":
            raise ImportError("libGL.so.1: cannot open shared object file")
        return real(name)

    monkeypatch.setattr(doctor.importlib, "import_module", load)
    found = doctor._packages()
    assert not found.ok and "skia-python: libGL.so.1" in found.found


def test_an_altered_font_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alias = next(iter(affiche_fonts.faces()))
    altered = tmp_path / "font.ttf"
    shutil.copy(affiche_fonts.path(alias), altered)
    altered.write_bytes(altered.read_bytes() + b"x")
    real = affiche_fonts.path
    monkeypatch.setattr(affiche_fonts, "path", lambda name: altered if name == alias else real(name))
    found = doctor._fonts()
    assert not found.ok and alias in found.found


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage(1, 1, 5_000_000))
    found = doctor._disk()
    assert not found.ok and "AFFICHE_HOME" in found.hint


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def _home() -> doctor.Check:
        raise PermissionError("not yours")

    monkeypatch.setattr(doctor, "CHECKS", (_home,))
    assert [(c.id, c.ok) for c in doctor.examine()] == [("home", False)]


def test_demo_without_examples_says_where_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--examples", str(tmp_path)]) == 2
    assert "source checkout" in capsys.readouterr().err


def test_demo_finds_the_examples_of_the_checkout() -> None:
    from affiche.cli.demo import found

    assert {brief.parent.name for brief in found(None)} >= {"verde", "lumen"}
