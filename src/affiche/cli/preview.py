"""`affiche preview`: a page on this machine that shows three creatives of a brief and draws them again when a file is saved.

Only for this machine: it listens on 127.0.0.1 and answers only requests that name that host, so that no web page elsewhere can
read it through a name that points here.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer

from affiche.preview import Previewer, State

_PAGE = """<!doctype html><meta charset=utf-8><title>affiche preview</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem;background:#e4e4e2;color:#222}
main{display:flex;gap:20px;flex-wrap:wrap;align-items:flex-start}figure{margin:0;max-width:420px}
img{max-width:420px;max-height:78vh;display:block}figcaption{font-size:13px}li{color:#555}
pre{background:#fff;padding:1rem;white-space:pre-wrap}</style>
<main></main><script>
let seen=-1
async function look(){
  try{
    const state=await (await fetch('/state')).json()
    if(state.version!==seen){seen=state.version;show(state)}
  }catch(e){}
  setTimeout(look,250)
}
function show(state){
  const main=document.querySelector('main');main.replaceChildren()
  if(state.problems){const pre=document.createElement('pre');pre.textContent=state.problems;main.append(pre)}
  state.shots.forEach((shot,n)=>{
    const figure=document.createElement('figure'),img=document.createElement('img'),caption=document.createElement('figcaption')
    img.src=`/shot/${n}?v=${state.version}`;caption.textContent=`${shot.title} · ${shot.size}`
    const list=document.createElement('ul')
    shot.notes.forEach(note=>{const item=document.createElement('li');item.textContent=note;list.append(item)})
    figure.append(img,caption,list);main.append(figure)
  })
}
look()
</script>"""


def preview(
    brief: Annotated[Path, typer.Argument(help="A brief file.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    only: Annotated[list[str] | None, typer.Option(help="Only these: locale=de-DE,product=yuzu.")] = None,
) -> None:
    """Show three creatives of a brief on a local page, drawn again on every save. Stop it with Ctrl-C."""
    server = server_for(_previewer(brief, only or []), port)
    typer.echo(f"http://127.0.0.1:{server.server_address[1]}/")
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()


def _previewer(brief: Path, only: list[str]) -> Previewer:
    from affiche import wire
    from affiche.cli.campaign import chosen_by, plan_of
    from affiche.settings import load

    settings, chosen = load(), chosen_by(only)
    return Previewer(
        plan=lambda: plan_of(brief, settings, chosen),
        watch=lambda: _files_near(brief),
        painter=wire.proof_painter(),
        codec=wire.file_codec(),
        ready=lambda plan: wire.show_fonts(plan, settings),
    )


#: More files than this beside a brief are not watched one by one: it would take longer than drawing.
_MAX_WATCHED = 500
_WATCHED = (".yaml", ".yml", ".json", ".csv", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".svg", ".ttf", ".otf", ".woff2")


def _files_near(brief: Path) -> list[Path]:
    """The brief and the files in its folder that it may name."""
    near = [path for path in brief.parent.rglob("*") if path.suffix.lower() in _WATCHED and "out" not in path.parts]
    return [brief, *sorted(near)[:_MAX_WATCHED]]


def server_for(previewer: Previewer, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 that is not serving yet. Draws one at a time, however many pages are open."""
    drawing = threading.Lock()

    def state() -> State:
        with drawing:
            return previewer.state()

    class Handler(BaseHTTPRequestHandler):
        """The page, its state as JSON, and the drawn creatives."""

        def do_GET(self) -> None:
            hosts = {f"{name}:{self.server.server_address[1]}" for name in ("127.0.0.1", "localhost")}  # type: ignore[index]
            path = self.path.partition("?")[0]
            if self.headers.get("Host", "") not in hosts:
                self._answer(403, "text/plain", b"this page is for 127.0.0.1 only\n")
            elif path == "/":
                self._answer(200, "text/html; charset=utf-8", _PAGE.encode())
            elif path == "/state":
                self._answer(200, "application/json", _state_json(state()))
            else:
                self._shot(path.removeprefix("/shot/"))

        def _shot(self, number: str) -> None:
            shots = state().shots
            if number.isdigit() and int(number) < len(shots):
                self._answer(200, "image/jpeg", shots[int(number)].data)
            else:
                self._answer(404, "text/plain", b"there is nothing here\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """A page that asks four times a second is not worth a line each."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _state_json(state: State) -> bytes:
    shots = [{"title": shot.title, "size": str(shot.size), "notes": list(shot.notes)} for shot in state.shots]
    return json.dumps({"version": state.version, "problems": state.problems, "shots": shots}, ensure_ascii=False).encode()
