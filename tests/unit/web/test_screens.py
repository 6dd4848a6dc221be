import re
from collections import Counter

import pytest
from django.urls import get_resolver

from kotowari.kernel.gates import ACTIONS
from kotowari.kernel.text import Text
from kotowari.web import screens
from kotowari.web.gates import READ

get_resolver().url_patterns  # noqa: B018 - builds the addresses, and with them the register


@pytest.mark.rule("A195")
@pytest.mark.parametrize("shown", screens.SCREENS.values(), ids=lambda s: s.name)
def test_every_screen_has_its_way_its_words_and_its_actions(shown) -> None:
    assert shown.actions
    assert all(ACTIONS[action.name] is action for action in shown.actions)
    assert shown.title.ja
    assert shown.title.en
    assert shown.path == "" or re.fullmatch(r"([\w<>:-]+/)+|[\w<>:/.-]+", shown.path)
    assert screens.lineage(shown)[-1] is shown


@pytest.mark.rule("A195")
def test_no_two_screens_share_an_address() -> None:
    addresses = Counter(s.address for s in screens.SCREENS.values())
    assert {a for a, n in addresses.items() if n > 1} == set()


def test_the_tree_holds_every_screen_once() -> None:
    assert Counter(s.name for _, s in screens.tree()) == Counter(list(screens.SCREENS))


def test_a_screen_without_an_action_cannot_be_registered() -> None:
    with pytest.raises(ValueError, match="maps to no action"):
        screens.screen("nameless", path="nameless/", title=Text("無", "none"), actions=[])


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        screens.screen("paths", path="elsewhere/", title=Text("画面一覧", "List"), actions=[READ])


def test_the_reference_lists_every_screen_but_those_of_the_demo() -> None:
    markdown = screens.as_markdown()
    for shown in screens.SCREENS.values():
        assert (f"`{shown.address}`" in markdown) is not shown.demo_only


def test_literal_addresses_stand_before_those_with_names_in_them() -> None:
    from kotowari.web.urls import urlpatterns

    seen: list[str] = []
    for pattern in urlpatterns:
        path = str(pattern.pattern)
        for earlier in seen:
            assert not ("<" in earlier and "<" not in path and _could_take(earlier, path)), f"{earlier} hides {path}"
        seen.append(path)


def _could_take(pattern: str, path: str) -> bool:
    shape = re.sub(r"<(?:(\w+):)?\w+>", lambda m: r"[^/]+" if m[1] in (None, "str", "slug") else r"(?!)", pattern)
    return re.fullmatch(shape, path) is not None
