"""App: the table of pages, and what each of them passes: who looks, a token against forged forms, headers, errors for people."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from affiche.api.caller import credentials_of
from affiche.api.house import House
from affiche.errors import AfficheError, Refused, Unauthorised
from affiche.portal import files
from affiche.portal.forms import TOKEN
from affiche.portal.gateway import Gateway
from affiche.portal.gateway import Refused as Said
from affiche.portal.pages import activity, ads, brands, campaigns, catalogs, library, review, run, start
from affiche.portal.views import guarded, language_of, page
from affiche.portal.words import translator

Page = Callable[[Request, Gateway], Awaitable[Response]]

#: (method, path, page).
PAGES: Sequence[tuple[str, str, Page]] = (
    ("GET", "/", campaigns.listed),
    ("GET", "/start", start.form),
    ("POST", "/start", start.create),
    ("POST", "/start/form", start.redrawn),
    ("POST", "/start/file", start.from_file),
    ("POST", "/start/look", start.look),
    ("POST", "/start/yaml", start.as_yaml),
    ("GET", "/campaigns/{id}", campaigns.shown),
    ("GET", "/campaigns/{id}/brief", start.edit),
    ("POST", "/campaigns/{id}/brief", start.revise),
    ("POST", "/campaigns/{id}/build", run.build),
    ("GET", "/campaigns/{id}/run", run.part),
    ("GET", "/campaigns/{id}/packages", campaigns.packages),
    ("POST", "/campaigns/{id}/packages", campaigns.pack),
    ("POST", "/runs/{id}/{verb}", run.wish),
    ("GET", "/creatives/{id}", ads.shown),
    ("POST", "/creatives/{id}/decide", ads.decide),
    ("POST", "/creatives/{id}/comments", ads.comment),
    ("POST", "/creatives/{id}/words", ads.words),
    ("GET", "/compare", ads.compare),
    ("GET", "/review", review.listed),
    ("POST", "/review/decide", review.decide),
    ("GET", "/brands", brands.listed),
    ("GET", "/brands/new", brands.new),
    ("POST", "/brands", brands.create),
    ("POST", "/brands/look", brands.look),
    ("GET", "/brands/{id}", brands.shown),
    ("POST", "/brands/{id}", brands.revise),
    ("GET", "/library", library.listed),
    ("POST", "/library/upload", library.upload),
    ("GET", "/library/{id}", library.shown),
    ("POST", "/library/{id}/rights", library.rights),
    ("GET", "/templates", catalogs.templates),
    ("GET", "/templates/{id}", catalogs.template),
    ("GET", "/templates/{id}/proof.png", catalogs.proof),
    ("GET", "/providers", catalogs.providers),
    ("GET", "/insight", activity.insight),
    ("GET", "/insight/{chart}.csv", activity.csv_of),
    ("GET", "/activity", activity.listed),
    ("GET", "/system", activity.system),
    ("POST", "/look", campaigns.look),
)
_FILES = (
    Route("/static/fonts/{name}.woff2", files.font_file),
    Route("/static/{name}", files.static_file),
    Route("/worker.js", files.worker),
    Route("/app.webmanifest", files.manifest),
)


def mount(app: FastAPI, house: House) -> None:
    """Adds the portal to the API's application."""
    app.router.routes += [
        *_FILES,
        *(Route(path, _served(page, app, house), methods=[method]) for method, path, page in PAGES),
    ]


def _served(shown: Page, app: FastAPI, house: House) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        try:
            _enter(request, house)
            answer = await shown(request, Gateway.of(request, app))
        except Unauthorised as error:
            answer = _told(request, 401, error.public, error.hint)
        except Said as said:
            answer = _told(request, said.status, said.title, said.hint)
        except AfficheError as error:
            answer = _told(request, error.http_status, error.public, error.hint)
        except HTTPException as error:
            t = translator(language_of(request))
            answer = _told(
                request,
                error.status_code,
                t("Nothing is here") if error.status_code == 404 else error.detail,
                "",
            )
        finally:
            await request.close()  # what was uploaded lies in temporary files
        return _with_token(request, guarded(answer))

    return serve


def _enter(request: Request, house: House) -> None:
    """Who looks, and that a form came from one of our pages. Raises Unauthorised, HTTPException."""
    principal = house.gate.who(credentials_of(request))
    state = request.state
    state.local = principal.kind == "local"
    role = principal.grants[0].role if principal.grants else "viewer"
    state.me = {"name": principal.name or principal.id, "role": role}
    state.csrf = request.cookies.get(TOKEN, "") or secrets.token_urlsafe(24)

    def may(action: str) -> bool:
        try:
            house.gate.brands(principal, action)
        except Refused:
            return False
        return True

    state.may = may


def _with_token(request: Request, answer: Response) -> Response:
    token = getattr(request.state, "csrf", "")
    if token and request.cookies.get(TOKEN) != token:
        secure = request.url.scheme == "https"
        answer.set_cookie(TOKEN, token, httponly=True, samesite="strict", secure=secure, path="/")
    return answer


def _told(request: Request, status: int, title: str, hint: str) -> Response:
    return page(request, "error.html.j2", status=status, title=title, hint=hint, code="")
