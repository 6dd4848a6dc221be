"""Typing passwords in a real Chromium: slips, showing, pasting, how strong it is, and what happens without a connection."""

import pytest
from playwright.sync_api import Route
from tests.browser.conftest import AXE, Comes, Person

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member
from kotowari.accounts.services import ask_password_reset, register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail, RateWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery staple"
SAID = ".strength__said"


def joined(display_name: str = "花子") -> Member:
    """A member who knows her password."""
    return register_member(
        actor=SYSTEM, username="hanako", display_name=display_name, email="hanako@example.jp", password=PASSWORD
    )


def said(person: Person) -> str:
    """What the meter says once one has paused."""
    person.page.wait_for_timeout(400)
    return person.page.locator(SAID).inner_text()


def sent_by(person: Person) -> list[str]:
    """What the page asks for or sends from now on, but for its own pictures and styles."""
    sent: list[str] = []
    person.page.on("request", lambda r: None if "/static/" in r.url and r.method == "GET" else sent.append(r.url))
    return sent


def opens_reset(person: Person, email: str) -> Person:
    """The page for a new password, by the link in the mail."""
    ask_password_reset(actor=VISITOR, email=email)
    link = next(line for line in OutgoingMail.objects.latest("id").body.split() if "/password/reset/" in line)
    return person.open("/password/reset/" + link.split("/password/reset/")[1])


def tokens_of(person: Person) -> set[tuple[str | None, str | None]]:
    fields = person.page.locator("main input:not([type=hidden])").all()
    return {(f.get_attribute("name"), f.get_attribute("autocomplete")) for f in fields}


def notes_under(person: Person, name: str) -> str:
    field = person.page.locator(".field", has=person.page.locator(f'[name="{name}"]'))
    return field.locator(".reveal__notes").inner_text()


@pytest.mark.rule("A003", "A004")
@pytest.mark.parametrize(
    ("typed", "hints"),
    [
        (PASSWORD, ""),
        (PASSWORD + " ", "先頭または末尾に空白があります。"),
        ("\u3000" + PASSWORD, "先頭または末尾に空白があります。 全角文字が入っています。"),
        ("ｃorrect horse", "全角文字が入っています。"),
    ],
)
def test_a_space_or_full_width_is_pointed_out_before_anything_is_sent(comes: Comes, typed: str, hints: str) -> None:
    person = comes().open("/login/")
    sent = sent_by(person)
    person.fill(login="hanako", password=typed)
    assert notes_under(person, "password") == hints
    assert person.page.locator(".reveal__notes").get_attribute("role") == "status"
    assert person.page.locator("[name=password]").input_value() == typed
    assert sent == []


@pytest.mark.rule("A003", "A004", "A005", "A009")
def test_the_server_says_the_same_after_a_failure_without_javascript(comes: Comes) -> None:
    person = comes(java_script_enabled=False)
    person.page.goto(person.address + "/login/")
    person.sees("大文字と小文字は区別されます。貼り付けもできます。")
    person.fill(login="hanako", password=" ＡCORRECT ")
    person.page.get_by_role("button", name="ログインする", exact=True).click()
    person.sees("先頭または末尾に空白があります", "全角文字があります", "CapsLockがオンになっていませんか")
    person.sees("大文字と小文字は区別されます。数字・記号もパスワードの一部です。")


@pytest.mark.rule("A005")
def test_caps_lock_is_told_while_it_is_on(comes: Comes) -> None:
    person = comes().open("/login/")
    press = """(field, on) => field.dispatchEvent(
        new KeyboardEvent("keydown", { key: "A", modifierCapsLock: on, bubbles: true }))"""
    field = person.page.locator("[name=password]")
    field.evaluate(press, True)
    assert notes_under(person, "password") == "CapsLockがオンになっています。"
    field.evaluate(press, False)
    assert notes_under(person, "password") == ""


@pytest.mark.rule("A006")
def test_a_password_is_hidden_can_be_shown_and_is_never_sent_in_the_open(comes: Comes) -> None:
    joined()
    person = comes().open("/login/")
    field = person.page.locator("[name=password]")
    person.fill(login="hanako", password=PASSWORD)
    assert field.get_attribute("type") == "password"
    person.page.get_by_role("button", name="表示", exact=True).focus()
    person.page.keyboard.press("Enter")
    assert field.get_attribute("type") == "text"
    assert field.input_value() == PASSWORD
    person.page.get_by_role("button", name="隠す", exact=True).click()
    assert field.get_attribute("type") == "password"
    person.page.get_by_role("button", name="表示", exact=True).click()
    person.page.evaluate(
        "document.querySelector('#login').addEventListener('submit', () => {"
        " sessionStorage.sent = document.querySelector('[name=password]').type })"
    )
    person.press("ログインする")
    assert person.page.evaluate("sessionStorage.sent") == "password"
    assert person.page.url.endswith("/my/")


@pytest.mark.rule("A007")
@pytest.mark.parametrize(
    ("path", "names"),
    [("/login/", ["login", "password"]), ("/signup/", ["email", "password"]), ("/password/reset/", ["email"])],
)
def test_pasting_is_never_hindered(comes: Comes, path: str, names: list[str]) -> None:
    person = comes(permissions=["clipboard-read", "clipboard-write"]).open(path)
    text = "hanako+test@example.jp"
    person.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    for name in names:
        field = person.page.locator(f"main [name={name}]")
        field.focus()
        person.page.keyboard.press("Control+V")
        assert field.input_value() == text, name
        assert field.get_attribute("onpaste") is None


@pytest.mark.rule("A012")
def test_every_field_says_what_it_is_to_password_managers(comes: Comes) -> None:
    member = joined()
    person = comes()
    assert tokens_of(person.open("/login/")) >= {
        ("login", "username"),
        ("password", "current-password"),
    }
    assert tokens_of(person.open("/signup/")) >= {
        ("username", "username"),
        ("email", "email"),
        ("display_name", "nickname"),
        ("password", "new-password"),
    }
    assert tokens_of(person.open("/password/reset/")) == {("email", "username")}
    assert tokens_of(opens_reset(person, member.email)) == {
        ("username", "username"),
        ("password", "new-password"),
        ("password_again", "new-password"),
    }
    person.open("/signup/").fill(username="jiro", display_name="次郎", email="jiro@example.jp", password=PASSWORD)
    person.fill(terms="on", message_check="on").press("確認コードを受け取る")
    assert tokens_of(person) == {("code", "one-time-code")}


@pytest.mark.rule("A025", "A027")
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("aaaaaaaaaaaaaaaaaaaa", "同じ文字や言葉がくり返されています"),
        ("abcabcabcabcabcabc", "同じ文字や言葉がくり返されています"),
        ("1234567890123456", "順番どおりの並びがあります"),
        ("zyxwvutsrqponmlk", "順番どおりの並びがあります"),
        ("qwertyuiopasdfgh", "順番どおりの並びがあります"),
        ("あいうえおかきくけこさしすせそ", "順番どおりの並びがあります"),
        ("hanako_s佐藤花子hanako_s", "ユーザー名・表示名・メールアドレスが含まれています"),
        ("sato.hana-sato.hana", "ユーザー名・表示名・メールアドレスが含まれています"),
        ("Kotowari-KOTOWARI", "このサイトの名前が含まれています"),
    ],
)
def test_signing_up_tells_while_typing_why_a_password_is_weak(comes: Comes, typed: str, reason: str) -> None:
    person = comes().open("/signup/").fill(username="hanako_s", display_name="佐藤 花子", email="sato.hana@example.jp")
    sent = sent_by(person)
    assert person.page.locator(".strength").is_hidden()
    person.put("password", typed)
    assert reason in said(person)
    assert "まだ推測されやすいパスワードです" in said(person)
    person.put("password", "夕焼けの坂道をのぼると海がひらけて")
    assert "足りています" in said(person)
    assert "長さ 17/15文字" in said(person)
    assert sent == []
    person.look()


@pytest.mark.rule("A025", "A027")
def test_the_meter_counts_characters_as_the_server_does(comes: Comes) -> None:
    person = comes(language="en").open("/signup/")
    for typed, count in (("k8#Vq!z", 7), ("🦊🐢🍙", 3), ("ﾊﾟﾝ", 2), ("か\u3099", 1)):
        person.put("password", typed)
        assert f"Length: {count} of 15 characters" in said(person), typed
        assert "Still easily guessed" in said(person)
    person.put("password", "")
    assert person.page.locator(".strength").is_hidden()
    person.put("password", "y" * 1024)
    assert "Characters or words are repeated" in said(person)


@pytest.mark.rule("A025", "A027")
def test_a_new_password_is_measured_too_with_the_names_that_the_form_does_not_show(comes: Comes) -> None:
    member = joined("灯台守クラブ")
    person = opens_reset(comes(), member.email)
    assert person.page.locator(".strength").count() == 1
    person.put("password", "灯台守クラブ灯台守クラブ灯台守クラブ")
    assert "ユーザー名・表示名・メールアドレスが含まれています" in said(person)
    meter = person.page.locator(".strength meter")
    assert meter.get_attribute("aria-label") == "パスワードの強さ"
    assert float(meter.evaluate("m => m.value")) < 9
    person.page.evaluate(AXE.read_text())
    found = person.page.evaluate("async () => (await axe.run('main')).violations.map(v => v.id)")
    assert found == []


@pytest.mark.rule("A025")
def test_without_javascript_the_reasons_come_after_sending(comes: Comes) -> None:
    person = comes(java_script_enabled=False)
    person.page.goto(person.address + "/signup/")
    person.fill(username="hanako_s", display_name="花子", email="hanako@example.jp", password="qwertyuiopasdfgh")
    person.fill(terms="on", message_check="on")
    person.page.get_by_role("button", name="確認コードを受け取る").click()
    person.sees("キーボードの並びをなぞったものは、すぐに推測されます。")
    assert person.page.locator(".strength").count() == 0


@pytest.mark.rule("A013")
def test_offline_is_told_as_such_and_what_was_typed_stays(comes: Comes) -> None:
    joined()
    person = comes().open("/login/").fill(login="hanako", password=PASSWORD)
    tries = RateWindow.objects.count()
    person.context.set_offline(True)
    person.page.get_by_role("button", name="ログインする", exact=True).click()
    note = person.page.get_by_role("alert")
    note.wait_for()
    assert note.inner_text().startswith("インターネットに接続していません。入力はそのまま残っています。")
    assert person.page.url.endswith("/login/")
    assert person.page.locator("[name=login]").input_value() == "hanako"
    assert person.page.locator("[name=password]").input_value() == PASSWORD
    assert "一致しません" not in person.page.locator("main").inner_text()
    assert RateWindow.objects.count() == tries
    person.context.set_offline(False)
    note.wait_for(state="hidden")
    person.press("ログインする")
    assert person.page.url.endswith("/my/")


@pytest.mark.rule("A013", "A014")
def test_a_server_that_is_away_is_neither_offline_nor_a_wrong_password(comes: Comes) -> None:
    joined()
    person = comes(language="en").open("/login/").fill(login="hanako", password=PASSWORD)

    def away(route: Route) -> None:
        route.abort("connectionrefused")

    person.context.route("**/*", away)
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    note = person.page.get_by_role("alert")
    note.wait_for()
    assert note.inner_text().startswith("The server could not be reached. Nothing you typed is wrong")
    assert person.page.locator("[name=password]").input_value() == PASSWORD
    person.context.unroute("**/*", away)
    person.faults.clear()  # the connection that was refused on purpose
    person.press("Sign in")
    assert person.page.url.endswith("/my/")


@pytest.mark.rule("A013")
@pytest.mark.parametrize("path", ["/signup/", "/password/reset/"])
def test_the_other_forms_before_signing_in_keep_what_was_typed_too(comes: Comes, path: str) -> None:
    person = comes().open(path).fill(email="hanako@example.jp")
    person.context.set_offline(True)
    person.page.locator("main form button[type=submit]").last.click()
    note = person.page.get_by_role("alert")
    note.wait_for()
    assert "接続していません" in note.inner_text()
    assert person.page.locator("[name=email]").input_value() == "hanako@example.jp"


@pytest.mark.rule("A013")
def test_two_presses_send_one_form(comes: Comes) -> None:
    person = comes().open("/password/reset/").fill(email="hanako@example.jp")
    posts: list[str] = []
    person.page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    with person.page.expect_navigation():
        person.page.locator("main form button[type=submit]").dblclick(no_wait_after=True)
    assert len(posts) == 1
    assert OutgoingMail.objects.count() == 1
