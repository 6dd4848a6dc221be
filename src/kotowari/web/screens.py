"""Every page by name: its address, its title, the way to it and what can be done there (A195).

`@screen` registers a view; `web/urls.py` builds the addresses from the register, `/paths/` and
`docs/reference/screens.md` list it. A page that maps to no action cannot be registered.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template import loader
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from kotowari.accounts.gates import ACT_AS_STAFF
from kotowari.kernel.gates import Action, explain, require
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.drawing import Crumb
from kotowari.web.gates import OPEN_MEMBER_PAGE

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
OWN_AFFAIRS = ("my/settings/", "my/security-check/", "login/", "logout/", "notices/", "contact/")
"""Pages about one's own account alone: there staff set up the second factor without which nothing else opens to them."""
_CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the product.

    `path` is Django's (`contracts/<uuid:contract_id>/`), without the first slash. `parent` names the screen from
    which one comes here: breadcrumb and list of screens follow it. `members_only` asks for signing in.
    `demo_only` pages exist in demos and tests.
    """

    name: str
    path: str
    title: Text
    actions: tuple[Action, ...]
    view: Callable[..., HttpResponseBase]
    parent: str | None
    methods: tuple[str, ...]
    members_only: bool
    demo_only: bool

    @property
    def needs(self) -> tuple[str, ...]:
        """The names in its address that must be known to link to it."""
        return tuple(_CONVERTED.findall(self.path))

    @property
    def label(self) -> Text:
        """What it is called on the way to others; the first page has a name of its own and is "home" there."""
        return self.title if self.parent is not None else HOME

    @property
    def address(self) -> str:
        """The address as people read it: `/contracts/<contract_id>/`."""
        return "/" + _CONVERTED.sub(r"<\1>", self.path)


HOME = Text("ホーム", "Home")
SCREENS: dict[str, Screen] = {}
"""Every page of the product, by name."""


def screen(
    name: str,
    *,
    path: str,
    title: Text,
    actions: Sequence[Action],
    parent: str | None = "home",
    methods: Sequence[str] = ("GET",),
    members_only: bool = False,
    demo_only: bool = False,
) -> Callable[[View], View]:
    """Register a view as a page. Its methods are checked and signing in is asked for before it is called."""
    if name in SCREENS:
        raise ValueError(f"screen {name} is registered twice")
    if not actions:
        raise ValueError(f"screen {name} maps to no action; a page that only shows something maps to web.gates.READ")

    def register(view: View) -> View:
        SCREENS[name] = Screen(
            name=name,
            path=path,
            title=title,
            actions=tuple(actions),
            view=view,
            parent=None if name == "home" else parent,
            methods=tuple(methods),
            members_only=members_only,
            demo_only=demo_only,
        )
        return view

    return register


def is_open(shown: Screen) -> bool:
    """Whether this installation has the screen: some exist in demos and tests only."""
    return settings.DEMO or settings.TESTING or not shown.demo_only


def guarded_view(shown: Screen) -> Callable[..., HttpResponseBase]:
    """The view of a screen behind the questions of its register entry; this is what addresses lead to."""

    @functools.wraps(shown.view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _guarded(shown, request, *args, **kwargs)

    return guarded


def _guarded(shown: Screen, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    from kotowari.web import refusals

    method = "GET" if request.method == "HEAD" else request.method
    if method not in shown.methods:
        return refusals.wrong_method(request, shown.methods)
    if shown.members_only:
        decision = explain(OPEN_MEMBER_PAGE, current.member_of(request), request.get_full_path())
        if not decision.allowed and method == "GET":
            remedy = decision.blockers[0].remedy
            assert remedy is not None
            return HttpResponseRedirect(remedy.url)
        if not decision.allowed:
            return refusals.signed_out_meanwhile(request)
        if shown.path != "my/" and not shown.path.startswith(OWN_AFFAIRS):
            require(ACT_AS_STAFF, current.member_of(request))
    return shown.view(request, *args, **kwargs)


def tell(request: HttpRequest, words: Text, tone: Literal["done", "info", "wait", "loss"] = "done") -> None:
    """Leave words for the next page that is shown to this person (after a redirect)."""
    level = {"done": messages.SUCCESS, "info": messages.INFO, "wait": messages.WARNING, "loss": messages.ERROR}[tone]
    messages.add_message(request, level, str(words))


def redirect(name: str, **values: Any) -> HttpResponseRedirect:
    """See another screen next (303), so that reloading it sends nothing again."""
    return see(reverse(name, kwargs=values or None))


def see(url: str) -> HttpResponseRedirect:
    """See another address next (303)."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page from a template of `web/templates`, in the reader's language."""
    return HttpResponse(loader.get_template(template).render(dict(context or {}), request), status=status)


def screen_of(request: HttpRequest | None) -> Screen | None:
    """The screen that answers this request, if its address is one."""
    match = getattr(request, "resolver_match", None)
    return SCREENS.get(match.url_name) if match and match.url_name else None


def screen_at(address: str) -> Screen | None:
    """The screen at an address of the site (`/my/rewards/`), if there is one."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return None
    return SCREENS.get(match.url_name or "")


def leads_somewhere(address: str) -> bool:
    """Whether any room answers at this address."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def exists(address: str) -> bool:
    """Whether the product has a page at this address: what is not built is not offered."""
    return screen_at(address) is not None


def lineage(shown: Screen) -> list[Screen]:
    """The way to a screen, from home to itself."""
    way = [shown]
    while way[0].parent is not None and way[0].parent in SCREENS:
        way.insert(0, SCREENS[way[0].parent])
        if len(way) > 12:
            raise ValueError(f"screen {shown.name} is its own ancestor")
    return way


def crumbs(request: HttpRequest | None, title: Text | str | None = None) -> list[Crumb]:
    """The way to the current page; ancestors whose address needs more than this page knows stand without a link."""
    shown = screen_of(request)
    if request is None or shown is None or shown.parent is None:
        return []
    known = request.resolver_match.kwargs if request.resolver_match else {}
    found = []
    for ancestor in lineage(shown)[:-1]:
        values = {name: known[name] for name in ancestor.needs if name in known}
        try:
            found.append(Crumb(ancestor.label, reverse(ancestor.name, kwargs=values)))
        except NoReverseMatch:
            found.append(Crumb(ancestor.label))
    return [*found, Crumb(title or shown.title)]


def tree() -> Iterator[tuple[int, Screen]]:
    """Every screen below the one it is reached from, with its depth, in order of address."""
    children: dict[str | None, list[Screen]] = {}
    for shown in sorted(SCREENS.values(), key=lambda s: s.path):
        parent = shown.parent if shown.parent in SCREENS else None
        children.setdefault(parent, []).append(shown)

    def walk(parent: str | None, depth: int) -> Iterator[tuple[int, Screen]]:
        for child in children.get(parent, []):
            yield depth, child
            yield from walk(child.name, depth + 1)

    yield from walk(None, 0)


def as_markdown() -> str:
    """The list of screens for docs/reference/screens.md."""
    rows = [
        f"| `{s.address}` | {s.title.ja} / {s.title.en} | {' › '.join(a.label.ja for a in lineage(s))} "
        f"| {', '.join(f'`{a.name}`' for a in s.actions)} | {'members' if s.members_only else 'everybody'} |"
        for s in sorted(SCREENS.values(), key=lambda s: s.path)
        if not s.demo_only
    ]
    return "\n".join(["| Address | Screen | The way to it | Actions | For |", "|---|---|---|---|---|", *rows, ""])
