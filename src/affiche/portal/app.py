"""App: the table of pages, and what each of them passes: who looks, a token against forged forms, headers, errors for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from affiche.api.gate import LocalGate
from affiche.api.house import House
from affiche.errors import AfficheError, Unauthorised
from affiche.portal import files
from affiche.portal.enter import enter, kept_form, opened
from affiche.portal.forms import STALE, TOKEN
from affiche.portal.gateway import Gateway
from affiche.portal.gateway import Refused as Said
from affiche.portal.pages import (
    account,
    activity,
    ads,
    brands,
    campaigns,
    catalogs,
    compare,
    fix,
    insight,
    keys,
    library,
    people,
    playground,
    proposals,
    review,
    run,
    sign_in,
    start,
    system,
    wall,
    webhooks,
)
from affiche.portal.sentences import plain, shown
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
    ("POST", "/start/plan", start.plan),
    ("POST", "/start/yaml", start.as_yaml),
    ("GET", "/campaigns/{id}", campaigns.shown),
    ("GET", "/campaigns/{id}/brief", start.edit),
    ("POST", "/campaigns/{id}/brief", start.revise),
    ("POST", "/campaigns/{id}/build", run.build),
    ("GET", "/campaigns/{id}/wall", wall.part),
    ("GET", "/campaigns/{id}/run", run.part),
    ("GET", "/campaigns/{id}/proposals", proposals.part),
    ("POST", "/campaigns/{id}/proposals", proposals.take),
    ("POST", "/campaigns/{id}/proposals/back", proposals.back),
    ("GET", "/campaigns/{id}/packages", campaigns.packages),
    ("POST", "/campaigns/{id}/packages", campaigns.pack),
    ("POST", "/runs/{id}/{verb}", run.wish),
    ("GET", "/creatives/{id}", ads.shown),
    ("POST", "/creatives/{id}/decide", ads.decide),
    ("POST", "/creatives/{id}/comments", ads.comment),
    ("POST", "/creatives/{id}/resolve", ads.resolve),
    ("GET", "/creatives/{id}/newest", fix.newest),
    ("POST", "/creatives/{id}/words", fix.words),
    ("POST", "/creatives/{id}/picture", fix.picture),
    ("POST", "/creatives/{id}/focal", fix.focal),
    ("POST", "/creatives/{id}/remedy", fix.remedy),
    ("GET", "/creatives/{id}/remedies", ads.remedies),
    ("POST", "/creatives/{id}/exclude", fix.exclude),
    ("POST", "/campaigns/{id}/back", fix.back),
    ("GET", "/compare", compare.two),
    ("GET", "/campaigns/{id}/changes", compare.runs),
    ("GET", "/review", review.listed),
    ("GET", "/review/swipe", review.swipe),
    ("POST", "/review/decide", review.decide),
    ("POST", "/review/undo", review.undo),
    ("GET", "/brands", brands.listed),
    ("GET", "/brands/new", brands.new),
    ("POST", "/brands", brands.create),
    ("POST", "/brands/look", brands.look),
    ("POST", "/brands/specimens", brands.specimens),
    ("POST", "/brands/marks", brands.marks),
    ("GET", "/brands/{id}", brands.shown),
    ("POST", "/brands/{id}", brands.revise),
    ("GET", "/library", library.listed),
    ("GET", "/library/arrivals", library.arrivals),
    ("POST", "/library/upload", library.upload),
    ("POST", "/library/uploads", library.begin),
    ("GET", "/library/uploads/{id}", library.part),
    ("POST", "/library/uploads/{id}", library.part),
    ("POST", "/library/uploads/{id}/complete", library.complete),
    ("GET", "/library/{id}", library.shown),
    ("POST", "/library/{id}/rights", library.rights),
    ("POST", "/library/{id}/tags", library.tags),
    ("GET", "/templates", catalogs.templates),
    ("GET", "/templates/{id}", catalogs.template),
    ("GET", "/templates/{id}/proof.png", catalogs.proof),
    ("GET", "/templates/{id}/sample.jpg", catalogs.sample),
    ("POST", "/templates/{id}/look", playground.look),
    ("GET", "/providers", catalogs.providers),
    ("GET", "/insight", insight.shown),
    ("GET", "/insight/{chart}.csv", insight.csv_of),
    ("GET", "/activity", activity.listed),
    ("GET", "/system", system.shown),
    ("POST", "/system/letters/{id}/replay", system.replay),
    ("POST", "/look", campaigns.look),
    ("GET", "/login", sign_in.form),
    ("POST", "/login", sign_in.enter),
    ("GET", "/login/go", sign_in.to_provider),
    ("POST", "/logout", sign_in.leave),
    ("GET", "/welcome", sign_in.first),
    ("POST", "/welcome", sign_in.make_first),
    ("GET", "/join", sign_in.invited),
    ("POST", "/join", sign_in.join),
    ("GET", "/more", account.more),
    ("GET", "/account", account.shown),
    ("POST", "/account/password", account.password),
    ("POST", "/account/leave", account.leave_everywhere),
    ("GET", "/people", people.listed),
    ("POST", "/people", people.create),
    ("GET", "/people/{id}", people.shown),
    ("POST", "/people/{id}", people.change),
    ("POST", "/people/{id}/invitation", people.invite),
    ("POST", "/people/{id}/leave", people.sign_out),
    ("GET", "/keys", keys.listed),
    ("POST", "/keys", keys.create),
    ("POST", "/keys/{id}/rotate", keys.rotate),
    ("POST", "/keys/{id}/revoke", keys.revoke),
    ("GET", "/webhooks", webhooks.listed),
    ("POST", "/webhooks", webhooks.create),
    ("GET", "/webhooks/{id}", webhooks.shown),
    ("POST", "/webhooks/{id}/test", webhooks.test),
    ("POST", "/webhooks/{id}/active", webhooks.switch),
    ("POST", "/webhooks/{id}/remove", webhooks.remove),
    ("POST", "/webhooks/{id}/replay/{delivery}", webhooks.replay),
)
_FILES = (
    Route("/static/fonts/{name}.woff2", files.font_file),
    Route("/static/{name}", files.static_file),
    Route("/worker.js", files.worker),
    Route("/favicon.ico", files.icon),
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
        api = Gateway.of(request, app)
        try:
            await enter(request, house)
            api = Gateway.of(request, app)
            answer = await shown(request, api)
        except Unauthorised as error:
            if isinstance(house.gate, LocalGate):
                answer = _no(request, 401, error.public, error.hint)
            else:
                answer = await sign_in.asked(request, api, house)
        except Said as said:
            answer = await _refused(request, api, said)
        except AfficheError as error:
            answer = _no(request, error.http_status, error.public, error.hint)
        except HTTPException as error:
            kept = await kept_form(request, house) if error is STALE and request.state.signed_in else ""
            if kept:  # somebody signed in anew meanwhile: nothing that was typed is lost
                return guarded(page(request, "again.html.j2", to=request.url.path, kept=opened(kept)))
            t = translator(language_of(request))
            answer = _told(request, 404, t("Nothing is here")) if error.status_code == 404 else _no(
                request, error.status_code, error.detail
            )
        finally:
            await request.close()  # what was uploaded lies in temporary files
        return _with_token(request, guarded(answer))

    return serve


async def _refused(request: Request, api: Gateway, said: Said) -> Response:
    """What the API refused, for people: who may not is told who can help."""
    if said.status != 403 or said.problem.get("code") not in ("forbidden", None):
        return _no(request, said.status, said.title, said.hint)
    granters = (await api.get("/v1/session"))["granters"]
    return page(request, "denied.html.j2", status=403, reason=said.title, granters=granters)


def _with_token(request: Request, answer: Response) -> Response:
    token = getattr(request.state, "csrf", "")
    if token and not request.state.signed_in and request.cookies.get(TOKEN) != token:
        secure = request.url.scheme == "https"
        answer.set_cookie(TOKEN, token, httponly=True, samesite="strict", secure=secure, path="/")
    return answer


def _no(request: Request, status: int, title: str, hint: str = "") -> Response:
    """What the API says, in the language of the page."""
    language = language_of(request)
    return _told(request, status, plain(title, language), head=shown(title, language), hint=shown(hint, language))


def _told(request: Request, status: int, title: str, *, head: str = "", hint: str = "") -> Response:
    return page(request, "error.html.j2", status=status, title=title, head=head or title, hint=hint)
