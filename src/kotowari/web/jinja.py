"""The Jinja2 environment of every page: what templates may call, in one place.

Everything is escaped unless it is `Markup`; a name that is not there is an error, not an empty string.
"""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages as django_messages
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from kotowari.accounts.external import providers
from kotowari.accounts.external.providers import Provider
from kotowari.foundation import notices
from kotowari.incidents.selectors import coming_changes
from kotowari.kernel import clock
from kotowari.kernel.gates import Decision
from kotowari.kernel.ids import new_id
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text, language
from kotowari.web import current, dates, demo, form_drawing, navigation, paging, screens, standing
from kotowari.web.drawing import Cells, Column, column, rule_in_words


class Pages(Environment):
    """Jinja2's environment with plain dicts for globals: a page imports many components, and each import compares
    all names, which chained maps make several times slower.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """Django's entry point: makes the environment, once per process."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, cache_size=-1)
    options["auto_reload"] = settings.DEMO
    options.pop("autoescape", None)
    made = Pages(autoescape=True, **options)
    made.globals.update(
        t=t,
        url=url,
        static=static_url,
        language=language.get,
        member=current.member,
        request_now=current.request.get,
        csrf_field=csrf_field,
        idempotency_field=idempotency_field,
        new_id=new_id,
        unique_id=unique_id,
        flashes=flashes,
        clock_left=dates.clock_left,
        stopped_clock=dates.stopped_clock,
        clock_ago=dates.clock_ago,
        stamp=dates.stamp,
        column=column,
        rule_in_words=rule_in_words,
        cells=cells,
        nav=navigation,
        demo=demo.bar,
        page_address=page_address,
        crumbs_here=crumbs_here,
        screen_here=screen_here,
        why_sign_in=why_sign_in,
        why_url=why_url,
        address_with=address_with,
        unread_notices=unread_notices,
        external_offered=external_offered,
        incidents_now=standing.incidents,
        coming_changes=coming_changes,
        today=clock.today,
        input_type=form_drawing.input_type,
        input_attributes=form_drawing.input_attributes,
        shown_value=form_drawing.shown_value,
        choices_of=form_drawing.choices_of,
    )
    made.filters.update(
        yen=yen,
        day=dates.day,
        full_day=dates.full_day,
        moment=dates.moment,
        until=dates.until,
        left=dates.left,
        ago=dates.ago,
        paragraphs=paragraphs,
        number=number,
    )
    return made


def t(ja: str, en: str, **values: Any) -> str:
    """Words in the reader's language, with `{names}` filled; a `Markup` value (a link) is put in as it is."""
    words = en if language.get() == "en" else ja
    if not values:
        return words
    if any(hasattr(value, "__html__") and not isinstance(value, Text) for value in values.values()):
        return Markup(words).format(**values)  # noqa: S704 - the words are a template's own, the values are escaped
    return words.format(**values)


def url(name: str, **values: Any) -> str:
    """The address of a screen by name."""
    return reverse(name, kwargs=values or None)


@cache
def static_url(path: str) -> str:
    """The address of a file of ours; asked for once per process, as pages name the icons many times."""
    return static(path)


def csrf_field() -> Markup:
    """The hidden field that every POST form of ours carries; the `form` and `action_button` macros write it."""
    request = current.request.get()
    if request is None:
        return Markup("")
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(get_token(request))


def idempotency_field(key: UUID | None = None) -> Markup:
    """The hidden key by which a second sending of the same form does nothing more."""
    return Markup('<input type="hidden" name="idempotency_key" value="{}">').format(str(key or new_id()))


def unique_id(base: str) -> str:
    """An id for an element that may be drawn more than once on a page: the base, then base-2, base-3."""
    request = current.request.get()
    if request is None:
        return base
    drawn: dict[str, int] = request.__dict__.setdefault("_drawn_ids", {})
    drawn[base] = drawn.get(base, 0) + 1
    return base if drawn[base] == 1 else f"{base}-{drawn[base]}"


def flashes() -> list[tuple[str, str]]:
    """What earlier pages left to be said, as (tone, words); reading takes them away."""
    request = current.request.get()
    if request is None or not hasattr(request, "_messages"):
        return []
    return [(_TONES.get(m.level_tag, "info"), str(m.message)) for m in django_messages.get_messages(request)]


_TONES = {"success": "done", "warning": "wait", "error": "loss", "info": "info", "debug": "info"}


def cells(columns: Sequence[Column]) -> Cells:
    """The writer of one row of a table."""
    return Cells(columns)


def page_address() -> str:
    """The address of this page with its query, for coming back to it."""
    request = current.request.get()
    return request.get_full_path() if request else "/"


def address_with(**changes: str | None) -> str:
    """This page's address with some of its query changed; None takes a part away."""
    return paging.address(current.request.get(), **changes)


def crumbs_here(title: Text | str | None = None) -> list[Any]:
    """The way to this page."""
    return screens.crumbs(current.request.get(), title)


def screen_here() -> screens.Screen | None:
    """The screen being shown, if its address is one."""
    return screens.screen_of(current.request.get())


def why_sign_in() -> Text | None:
    """On the sign-in page: which page asked for signing in, when it was one."""
    request = current.request.get()
    wanted = screens.screen_at(request.GET.get("next", "")) if request else None
    if wanted is None or not wanted.members_only:
        return None
    return Text("「{page}」を開くには、ログインが必要です。", "Please sign in to open “{page}”.").format(
        page=wanted.title
    )


def why_url(decision: Decision) -> str | None:
    """Where a decision is explained at length among everything the member can do; None for visitors."""
    if not navigation.offered("/my/can/") or current.member() is None:
        return None
    request = current.request.get()
    if request is not None and request.path.startswith("/console/"):
        return None  # staff see somebody else's decisions there, all of them on that very page
    query = f"?action={decision.action.name}"
    return "/my/can/" + (f"{query}&subject={decision.subject_id}" if decision.subject_id else query)


def external_offered() -> tuple[list[Provider], list[Provider]]:
    """The external accounts that sign somebody in today, and those that have come to an end or will."""
    return providers.offered(), providers.ending()


def unread_notices() -> int:
    """How many notices the member has not read."""
    member = current.member()
    return notices.unread_count(member.pk) if member else 0


def paragraphs(text: Text | str) -> Markup:
    """Plain words as paragraphs: an empty line begins a new one, other line ends are kept. Everything is escaped."""
    blocks = str(text).replace("\r\n", "\n").strip().split("\n\n")
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.strip("\n").split("\n")))
        for block in blocks
    )


def number(value: int) -> str:
    """1234 as 1,234."""
    return f"{value:,}"
