"""Borders inside the house: which package may use which library, and which effects the pure packages may not have.

Import contracts between our own packages are in pyproject.toml; this is about the world outside. In-function and
type-checking imports count. A border is a row of a table: add a row, not a branch.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from house.complaint import SOURCE, Complaint, Module

#: Library -> where it may be imported (folders end in /), and the sentence that says so.
LIBRARIES: dict[str, tuple[tuple[str, ...], str]] = {
    "skia": (("compose/typeset/", "adapters/paint/"), "skia is for typesetting and painting only"),
    "icu4py": (("compose/typeset/",), "line and grapheme breaks are made in typeset only"),
    "uharfbuzz": (("compose/typeset/",), "letters are shaped in typeset only"),
    "pydantic": (
        ("schema.py", "schema/", "notation/validate.py", "client/", "settings.py", "cli/"),
        "pydantic stays at the edges: schema, settings, cli",
    ),
    "typer": (("cli/",), "the command line is cli's"),
    "rich": (("cli/",), "what the terminal shows is cli's"),
    "pyvips": (("adapters/", "wire.py"), "decoders live in adapters"),
    "cv2": (("adapters/", "imagine/", "publish/", "wire.py"), "pixels are worked on by adapters, imagine and publish"),
    "PIL": (("adapters/", "publish/"), "decoders and encoders live in adapters; previews in publish"),
    "simplejpeg": (("adapters/codec/",), "JPEG is the codec's"),
    "resvg_py": (("adapters/codec/",), "SVG is the codec's"),
    "dbos": (("engine/",), "who runs what when is decided by the engine"),
    "psycopg": (("adapters/ledger/", "adapters/journal/"), "SQL is the ledger's and the journal's"),
    "sqlite3": (("adapters/ledger/", "adapters/journal/"), "SQL is the ledger's and the journal's"),
    "jinja2": (("publish/", "portal/"), "pages are written by publish and portal"),
    "openpyxl": (("brief/",), "spreadsheets are read with the brief"),
    "smtplib": (("notices/",), "mail is sent by notices"),
    "sqlalchemy": (
        ("registry/", "engine/", "access/", "ingest/", "upkeep/", "runs/", "api/"), "SQL of the service is the registry's",
    ),
    "opentelemetry": (("tracing.py",), "where time goes is told by tracing"),
    "alembic": (("registry/",), "migrations are the registry's"),
    "fastapi": (("api/", "portal/"), "HTTP is the API's and the portal's"),
    "starlette": (("api/", "portal/"), "HTTP is the API's and the portal's"),
    "uvicorn": (("serve/", "cli/"), "servers are started by serve"),
    "mcp": (("mcp/",), "the model context protocol has its own entry"),
    "py3langid": (("write/language.py",), "which language a text is in is told in one place"),
    "defusedxml": (("brief/", "write/", "adapters/"), "foreign XML enters with briefs, translations and assets"),
    **dict.fromkeys(
        ("pydantic_ai", "anthropic", "mistralai", "cohere", "google"),
        (("adapters/writers/",), "SDKs of models are known to their adapters only"),
    ),
    "httpx2": (
        ("adapters/", "client/", "serve/in_process.py", "portal/gateway.py"),
        "HTTP is spoken by adapters, the client, and the portal to its own API; the outside goes through adapters/fetch",
    ),
    **dict.fromkeys(("onnxruntime", "tokenizers"), (("adapters/embed/",), "models of meaning are run by their adapter only")),
    "joserfc": (("access/",), "tokens of a login provider are verified by access"),
    "cryptography": (("adapters/seal/",), "encryption is the sealer's"),
    "boto3": (("adapters/",), "SDKs of clouds are known to adapters"),
    "obstore": (("adapters/blobs/",), "object stores are known to blobs only"),
    "httpcore2": (("adapters/fetch/",), "connections are made by the guarded fetcher"),
    "multiprocessing": (
        ("adapters/", "produce.py", "wire.py", "ingest/aside.py"),
        "processes are started by adapters for produce",
    ),
}

#: Packages that take bytes, dates, seeds and catalogs as arguments and have no effects (DESIGN 3).
PURE = ("values/", "notation/", "brief/", "brand/", "market/", "placement/", "plan/", "compose/", "check/")
EFFECTS = set(
    "os time random secrets socket subprocess tempfile shutil urllib http asyncio threading multiprocessing sqlite3 "
    "requests httpx signal glob uuid".split()
)
EFFECT_CALLS = {"open", "print", "input", "breakpoint"}
CLOCK_CALLS = {"now", "utcnow", "today"}

PREFIX = "src/affiche/"


def check(module: Module) -> Iterator[Complaint]:
    """Complaints about one file of the main package."""
    place = module.path.removeprefix(PREFIX)
    for node in ast.walk(module.tree):
        for name in _imported(node):
            yield from _import(module, place, node, name)
        if isinstance(node, ast.Call) and place.startswith(PURE):
            yield from _call(module, node)
        yield from _environment(module, place, node)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        named = [
            _module_or_root(alias.name) if node.module == "affiche" else node.module for alias in node.names
        ]
        return list(dict.fromkeys(named))
    return []


def _module_or_root(name: str) -> str:
    """`from affiche import wire` names a module; `from affiche import something_else` uses the package root."""
    exists = (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()
    return f"affiche.{name}" if exists else "affiche"


def _import(module: Module, place: str, node: ast.AST, name: str) -> Iterator[Complaint]:
    line = getattr(node, "lineno", 1)
    top = name.partition(".")[0]
    if name == "affiche":
        yield Complaint(
            path=module.path, line=line, message="nobody inside imports the package root: name the module"
        )
    if top in LIBRARIES and not _allowed(place, LIBRARIES[top][0]):
        yield Complaint(path=module.path, line=line, message=f"imports {top}: {LIBRARIES[top][1]}")
    if top in EFFECTS and place.startswith(PURE):
        message = f"imports {top}: this package is pure (bytes, dates, seeds and catalogs are arguments)"
        yield Complaint(path=module.path, line=line, message=message)


def _allowed(place: str, homes: tuple[str, ...]) -> bool:
    folders = [home for home in homes if home.endswith("/")]
    return (
        place in homes
        or place.split("/")[-1] in homes
        or any(place.startswith(home) or f"/{home}" in place for home in folders)
    )


def _call(module: Module, node: ast.Call) -> Iterator[Complaint]:
    called = node.func
    if isinstance(called, ast.Name) and called.id in EFFECT_CALLS:
        yield Complaint(
            path=module.path, line=node.lineno, message=f"calls {called.id}(): this package is pure"
        )
    if (
        isinstance(called, ast.Attribute)
        and called.attr in CLOCK_CALLS
        and not node.args
        and not node.keywords
    ):
        message = f"calls {called.attr}(): the date is an argument here"
        yield Complaint(path=module.path, line=node.lineno, message=message)


def _environment(module: Module, place: str, node: ast.AST) -> Iterator[Complaint]:
    reads = isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    if reads and place != "settings.py":
        line = getattr(node, "lineno", 1)
        yield Complaint(
            path=module.path, line=line, message="reads the environment: settings.py is the only reader"
        )
