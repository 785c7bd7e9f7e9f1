"""Makes the page: `__main__.py` the order, `pictures.py` what is drawn, `page.py` the HTML around it."""

from __future__ import annotations

import sys
from pathlib import Path

from affiche.compose.template.shipped import shipped_ids, shipped_template
from gallery.page import Section, page
from gallery.pictures import Studio, campaigns, proof_sheet

ROOT = Path(__file__).resolve().parents[2]


def main(out: Path) -> None:
    """Writes `out`/index.html and everything that it shows."""
    out.mkdir(parents=True, exist_ok=True)
    studio = Studio(ROOT / "examples")
    sections = [
        Section(title=f"{name}: {shipped_template(name).name}", rows=studio.rows(name, out / name, out)) for name in shipped_ids()
    ]
    proofs = [[(f"proof of {name}", proof_sheet(name, out))] for name in shipped_ids()]
    sections.append(Section(title="Stress: hard copy, a square logo, stand-ins", rows=proofs))
    built = campaigns(ROOT / "examples", out)
    (out / "index.html").write_text(page(sections, built), encoding="utf-8")
    sys.stdout.write(f"{out / 'index.html'}\n")


if __name__ == "__main__":
    if any(argument.startswith("-") for argument in sys.argv[1:]) or len(sys.argv) > 2:
        sys.exit("usage: ./run gallery [FOLDER]   (out/gallery when none is given)")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "gallery")
