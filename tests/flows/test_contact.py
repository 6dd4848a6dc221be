"""お問い合わせ over HTTP: prefilled, sent signed in or not, read and answered through the link in the mail."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from tests import story
from tests.conftest import MovableClock
from tests.flows.test_contract_pages import as_member

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member
from kotowari.foundation import outbox
from kotowari.foundation.models import AuditEntry, OutgoingMail
from kotowari.support import prefill, services
from kotowari.support.faq import ARTICLES
from kotowari.support.inputs import Question
from kotowari.support.models import Ticket, TicketMessage
from kotowari.web.screens import SCREENS

pytestmark = pytest.mark.django_db
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
FORM = {"topic": "cannot_sign_in", "email": "hanako@example.com", "body": "パスワードを変えても入れません。"}


@pytest.fixture
def hanako() -> Member:
    member = story.member("hanako")
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member


@pytest.fixture
def staff() -> Client:
    return as_member(story.member("kanri", is_staff=True))


def page(browser: Client, address: str, status: int = 200, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def value_of(name: str, shown: str) -> str:
    field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', shown)
    assert field, name
    found = re.search(r'value="([^"]*)"', field[0])
    return found[1] if found else ""


def chosen(name: str, shown: str) -> str:
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', shown, re.DOTALL)
    assert select, name
    found = re.search(r'<option value="([^"]*)" selected', select[0])
    return found[1] if found else ""


def mails() -> list[OutgoingMail]:
    while outbox.deliver_waiting():
        pass
    return list(OutgoingMail.objects.order_by("id"))


def link_in(mail: OutgoingMail) -> str:
    found = re.search(r"https?://[^/\s]+(/contact/\S+key=\S+)", mail.body)
    assert found, mail.body
    return found[1]


# --- The form ------------------------------------------------------------------------------------------


@pytest.mark.rule("A008")
def test_the_form_knows_address_message_and_browser_and_shows_them_to_be_changed(client: Client) -> None:
    session = client.session
    prefill.keep(session, login="hanako@example.com", code="accounts.sign_in.no_match", came_from="/login/?next=/my/")
    session.save()
    shown = client.get("/contact/", {"topic": "cannot_log_in"}, headers={"user-agent": CHROME}).content.decode()
    assert chosen("topic", shown) == "cannot_sign_in"
    assert value_of("email", shown) == value_of("login", shown) == "hanako@example.com"
    assert value_of("code", shown) == "accounts.sign_in.no_match"
    assert value_of("browser", shown) == "Chrome 142 / Windows"
    assert value_of("came_from", shown) == "/login/"
    assert "「ログインできません」という表示についてのお問い合わせです" in shown

    client.post("/contact/", {**FORM, "code": "accounts.sign_in.no_match", "browser": "Chrome 142 (会社のPC)"})
    ticket = Ticket.objects.get()
    assert (ticket.code, ticket.browser) == ("accounts.sign_in.no_match", "Chrome 142 (会社のPC)")
    assert prefill.SESSION_KEY not in client.session


@pytest.mark.rule("A008")
def test_from_a_failed_sign_in_the_form_begins_with_what_was_typed_and_what_was_answered(client: Client) -> None:
    failed = client.post("/login/", {"login": "hanako@example.com", "password": "not the one at all"})
    told = failed.content.decode()
    begin = re.search(r'<form[^>]*action="/contact/begin/".*?</form>', told, re.DOTALL)
    assert begin, told
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', begin[0]))
    going = client.post("/contact/begin/", hidden, headers={"user-agent": CHROME})
    assert (going.status_code, going["Location"]) == (303, "/contact/?topic=cannot_sign_in")
    shown = client.get(going["Location"], headers={"user-agent": CHROME}).content.decode()
    assert chosen("topic", shown) == "cannot_sign_in"
    assert value_of("email", shown) == "hanako@example.com"
    assert value_of("code", shown) == "accounts.sign_in.no_match"
    assert value_of("browser", shown) == "Chrome 142 / Windows"
    assert value_of("came_from", shown) == "/login/"


@pytest.mark.rule("A008")
def test_a_login_in_the_address_leaves_it_at_once(client: Client) -> None:
    answer = client.get(
        "/contact/", {"topic": "cannot_log_in", "login": "hanako", "code": "accounts.sign_in.locked", "from": "/login/"}
    )
    assert answer.status_code == 303
    assert "hanako" not in answer["Location"]
    shown = client.get(answer["Location"]).content.decode()
    assert (value_of("login", shown), value_of("email", shown)) == ("hanako", "")
    assert value_of("code", shown) == "accounts.sign_in.locked"
    assert "hanako" not in str(dict(client.session)), "what was typed lies sealed"


def test_what_was_kept_for_the_form_is_forgotten_after_an_hour(client: Client, clock: MovableClock) -> None:
    session = client.session
    prefill.keep(session, login="hanako@example.com")
    clock.move(hours=1)
    assert prefill.kept(session) == prefill.Prefill()
    session[prefill.SESSION_KEY] = "bm90IG91cnM="
    assert prefill.kept(session) == prefill.Prefill()


@pytest.mark.rule("A057", "A064", "A186")
@pytest.mark.parametrize("slug", list(ARTICLES))
def test_every_article_ends_in_the_orange_button_and_the_form_knows_the_article(client: Client, slug: str) -> None:
    shown = page(client, f"/help/{slug}/")
    button = f'<a class="button button--help" href="/contact/?article={slug}">'
    assert button in shown
    assert shown.index(button) > shown.index("</article>")
    form = page(client, "/contact/", article=slug)
    assert chosen("article", form) == slug
    assert re.search(r'value="read_articles"[^>]*checked', form)


@pytest.mark.rule("A064", "A065")
def test_every_page_has_the_orange_button_at_its_foot(client: Client, hanako: Member) -> None:
    button = '<a class="button button--help" href="/contact/">お問い合わせ</a>'
    mine = as_member(hanako)
    for shown in SCREENS.values():
        if "GET" not in shown.methods or shown.needs or shown.path.startswith("console/"):
            continue
        answer = mine.get(f"/{shown.path}")
        if answer.status_code == 200:
            foot = answer.content.decode().partition('<footer class="foot">')[2]
            assert button in foot, shown.path
    assert button in page(client, "/nothing/here/", status=404)
    assert "/contact/" in page(client, "/help/about-contact/").partition("<footer")[0]


@pytest.mark.rule("A058")
def test_required_fields_are_marked_and_what_is_missing_is_said_and_nothing_typed_is_lost(client: Client) -> None:
    shown = page(client, "/contact/")
    for name in ("topic", "email", "body"):
        assert re.search(rf'name="{name}"[^>]*aria-required="true"|aria-required="true"[^>]*name="{name}"', shown), name
    assert shown.count("必須") >= 3
    answer = client.post("/contact/", {**FORM, "email": "", "tried": ["reset_password"], "result": "no_mail"})
    assert answer.status_code == 422
    wrong = answer.content.decode()
    assert 'href="#f-email"' in wrong
    assert 'href="#f-body"' not in wrong
    assert "パスワードを変えても入れません。" in wrong
    assert re.search(r'value="reset_password"[^>]*checked', wrong)
    assert not Ticket.objects.exists()


@pytest.mark.rule("A059")
def test_what_was_tried_is_ticked_with_its_result(client: Client, staff: Client) -> None:
    assert "パスワードを再設定した" in page(client, "/contact/")
    client.post("/contact/", {**FORM, "tried": ["checked_input", "reset_password"], "result": "same"})
    ticket = Ticket.objects.get()
    assert (ticket.tried, ticket.result) == (["checked_input", "reset_password"], "same")
    case = page(staff, f"/console/tickets/{ticket.pk}/")
    assert "アドレスとパスワードの入力を確かめた、パスワードを再設定した(しようとした)" in case
    assert "同じ結果だった" in case


@pytest.mark.rule("A062")
def test_matching_articles_are_offered_and_stand_before_nobody(client: Client) -> None:
    plain = page(client, "/contact/")
    assert "用件を選ぶと" in plain
    offered = page(client, "/contact/", topic="not_me")
    assert "【共通】覚えのないログインがあったとき" in offered
    part = client.post("/contact/answers/", {"topic": "cannot_sign_in", "body": "Googleで登録しました"})
    assert part.status_code == 200
    assert "【共通】Googleなどの外部アカウントでのログイン" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert client.post("/contact/", FORM).status_code == 303


@pytest.mark.rule("A067")
def test_the_form_asks_which_address_was_registered(client: Client, hanako: Member) -> None:
    assert "どのアドレスで登録しましたか" in page(client, "/contact/")
    shown = page(as_member(hanako), "/contact/")
    assert value_of("email", shown) == hanako.email
    assert 'name="login"' not in shown


# --- Sending -------------------------------------------------------------------------------------------


@pytest.mark.rule("A061")
def test_sending_tells_number_place_and_time(client: Client, hanako: Member, clock: MovableClock) -> None:
    client.post("/contact/", {**FORM, "email": "first@example.com"})
    sent = client.post("/contact/", FORM)
    assert (sent.status_code, sent["Location"]) == (303, "/contact/sent/")
    shown = page(client, "/contact/sent/")
    ticket = Ticket.objects.latest("id")
    assert ticket.number in shown
    assert "2番目" in shown
    assert "11月24日(火)の終わり" in shown
    assert "2番目" in mails()[-1].body


@pytest.mark.rule("A061")
def test_the_form_tells_how_long_answers_took_of_late(client: Client, clock: MovableClock, staff: Client) -> None:
    assert "2営業日以内にお送りします" in page(client, "/contact/")
    assert "次の営業日のうちに" in page(client, "/contact/", topic="cannot_sign_in")
    kanri = Member.objects.get(username="kanri")
    for n in range(5):
        asked = services.open_ticket(
            actor=VISITOR, question=Question(topic="other", email=f"m{n}@example.com", body="x")
        )
        clock.move(hours=2)
        services.answer_ticket(actor=kanri, ticket_id=asked.pk, body="はい。")
    assert "最近の回答5件のうち、半数は2時間以内、9割は2時間以内でした" in page(client, "/contact/")


def test_a_visitor_sees_nothing_of_the_conversation_whose_address_they_typed(
    client: Client, hanako: Member, staff: Client
) -> None:
    client.post("/contact/", FORM)
    ticket = Ticket.objects.get()
    services.answer_ticket(
        actor=Member.objects.get(username="kanri"), ticket_id=ticket.pk, body="ロックは14:30に解けます。"
    )
    shown = page(client, "/contact/sent/")
    assert "14:30" not in shown
    assert "パスワードを変えても" not in shown
    assert "メールのリンクか" in page(client, f"/contact/{ticket.pk}/", status=404)
    assert client.post(f"/contact/{ticket.pk}/", {"body": "x"}).status_code == 404
    assert client.post(f"/contact/{ticket.pk}/settle/").status_code == 404
    assert TicketMessage.objects.count() == 2


@pytest.mark.rule("P012")
def test_the_page_after_sending_is_the_same_whether_the_address_has_an_account(hanako: Member) -> None:
    def sent(email: str) -> str:
        browser = Client()
        assert browser.post("/contact/", {**FORM, "email": email}).status_code == 303
        shown = page(browser, "/contact/sent/").replace(email, "EMAIL")
        number = Ticket.objects.latest("id").number
        services.settle_ticket(actor=hanako, ticket_id=Ticket.objects.latest("id").pk) if email == hanako.email else (
            Ticket.objects.latest("id").messages.all().delete(),
            Ticket.objects.latest("id").delete(),
        )
        shown = re.sub(r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"', "", shown)
        return shown.replace(number, "NUMBER")

    assert sent(hanako.email) == sent("nobody@example.com")


@pytest.mark.rule("A066")
def test_a_member_reads_on_the_form_that_the_address_is_not_theirs(hanako: Member) -> None:
    mine = as_member(hanako)
    answer = mine.post("/contact/", {**FORM, "email": "someone@example.com"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "このアカウントの登録アドレスと一致しません。登録アドレスはhanako@example.com" in shown
    assert "登録したアドレスが使えない" in shown
    assert 'href="#f-email"' in shown
    assert Client().post("/contact/", {**FORM, "email": "someone@example.com"}).status_code == 303


def test_a_member_is_led_to_the_conversation_and_finds_it_again_on_the_form(hanako: Member) -> None:
    mine = as_member(hanako)
    sent = mine.post("/contact/", FORM)
    ticket = Ticket.objects.get()
    assert sent["Location"] == f"/contact/{ticket.pk}/"
    shown = page(mine, sent["Location"])
    assert "パスワードを変えても入れません。" in shown
    assert "1番目" in shown
    assert ticket.number in page(mine, "/contact/")


def test_the_same_form_sent_twice_is_one_question(hanako: Member) -> None:
    mine = as_member(hanako)
    for _ in range(2):
        assert mine.post("/contact/", {**FORM, "idempotency_key": "k1"}).status_code == 303
    assert Ticket.objects.count() == 1


@pytest.mark.rule("P011")
def test_too_many_questions_wait_and_the_form_keeps_what_was_typed(client: Client, clock: MovableClock) -> None:
    for _ in range(5):
        assert client.post("/contact/", FORM).status_code == 303
    answer = client.post("/contact/", FORM)
    assert answer.status_code == 429
    shown = answer.content.decode()
    assert "上限" in shown
    assert "パスワードを変えても入れません。" in shown
    assert Client(REMOTE_ADDR="203.0.113.9").post("/contact/", {**FORM, "email": "b@example.com"}).status_code == 303
    clock.move(hours=1)
    assert client.post("/contact/", FORM).status_code == 303


# --- The conversation ----------------------------------------------------------------------------------


@pytest.mark.rule("A060")
def test_the_link_in_the_mail_opens_the_whole_conversation_without_signing_in(client: Client, hanako: Member) -> None:
    client.post("/contact/", FORM)
    ticket = Ticket.objects.get()
    services.answer_ticket(
        actor=story.member("kanri", is_staff=True), ticket_id=ticket.pk, body="ロックは14:30に解けます。"
    )
    mail = mails()[-1]
    assert mail.to == hanako.email
    assert "ロックは14:30に解けます。" in mail.body
    elsewhere = Client()
    opened = elsewhere.get(link_in(mail))
    assert (opened.status_code, opened["Location"]) == (303, f"/contact/{ticket.pk}/"), "the key leaves the address"
    shown = page(elsewhere, f"/contact/{ticket.pk}/")
    assert "パスワードを変えても入れません。" in shown
    assert "ロックは14:30に解けます。" in shown
    assert elsewhere.post(f"/contact/{ticket.pk}/", {"body": "入れました。"}).status_code == 303
    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert TicketMessage.objects.latest("id").way == "link"
    settled = elsewhere.post(f"/contact/{ticket.pk}/settle/")
    assert settled.status_code == 303
    assert "続きを送る" in page(elsewhere, f"/contact/{ticket.pk}/")
    assert elsewhere.post(f"/contact/{ticket.pk}/", {"body": "やはり入れません。"}).status_code == 303
    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert AuditEntry.objects.filter(kind="support.reopened", actor_name=f"link to ticket {ticket.pk}").exists()


def test_expired_foreign_and_cut_links_say_which_they_are_and_offer_a_new_one(
    client: Client, clock: MovableClock
) -> None:
    for email in ("a@example.com", "b@example.com"):
        client.post("/contact/", {**FORM, "email": email})
    one, two = Ticket.objects.order_by("id")
    link = link_in(mails()[0])
    browser = Client()
    assert "途中で切れているか" in page(browser, link[:-4], status=404)
    assert "別のお問い合わせのものです" in page(browser, link.replace(f"{one.pk}/", f"{two.pk}/"), status=404)
    clock.move(days=90)
    expired = page(browser, link, status=404)
    assert "期限が過ぎました" in expired
    assert 'href="/contact/link/"' in expired
    assert "開けます" in page(browser, f"/contact/{one.pk}/", status=404)


def test_a_session_opened_by_a_link_ends_with_it(client: Client, clock: MovableClock) -> None:
    client.post("/contact/", FORM)
    link, ticket = link_in(mails()[0]), Ticket.objects.get()
    assert client.get(link).status_code == 303
    page(client, f"/contact/{ticket.pk}/")
    clock.move(days=90)
    page(client, f"/contact/{ticket.pk}/", status=404)


def test_the_link_can_be_mailed_again_and_the_page_says_the_same_for_everything(client: Client) -> None:
    client.post("/contact/", FORM)
    number = Ticket.objects.get().number
    first = len(mails())
    pages = []
    for email, typed in ((FORM["email"], number), ("nobody@example.com", number), (FORM["email"], "AAAA-AAAA")):
        answer = client.post("/contact/link/", {"email": email, "number": typed}, follow=True)
        assert answer.status_code == 200
        pages.append(re.sub(r'(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"', "", answer.content.decode()))
    assert pages[0] == pages[1] == pages[2]
    assert ["key=" in mail.body for mail in mails()[first:]] == [True, False, False]


@pytest.mark.rule("P011")
def test_words_are_limited_too(hanako: Member) -> None:
    mine = as_member(hanako)
    mine.post("/contact/", FORM)
    ticket = Ticket.objects.get()
    for n in range(20):
        assert mine.post(f"/contact/{ticket.pk}/", {"body": f"{n}"}).status_code == 303
    assert mine.post(f"/contact/{ticket.pk}/", {"body": "x"}).status_code == 429
    for _ in range(5):
        assert mine.post("/contact/link/", {"email": "a@example.com", "number": "x"}).status_code == 303
    assert mine.post("/contact/link/", {"email": "a@example.com", "number": "x"}).status_code == 429


# --- Staff ---------------------------------------------------------------------------------------------


@pytest.mark.rule("A063")
def test_staff_see_the_account_behind_a_case_answer_it_and_leave_notes(
    client: Client, staff: Client, hanako: Member
) -> None:
    client.post("/contact/", {**FORM, "code": "accounts.sign_in.no_match", "login": "Hanako"})
    ticket = Ticket.objects.get()
    desk = page(staff, "/console/")
    assert "/console/tickets/" in desk
    queue = page(staff, "/console/tickets/")
    assert ticket.number in queue
    assert "急ぎ" in queue
    address = f"/console/tickets/{ticket.pk}/"
    case = page(staff, address)
    for words in ("Hanako", "accounts.sign_in.no_match", "できる状態です", "確認済み", "ログインせずに送られました"):
        assert words in case, words
    assert AuditEntry.objects.filter(kind="support.case_seen", subject_id=ticket.pk).count() == 1

    assert staff.post(address, {"act": "note", "body": "ロックなし。"}).status_code == 303
    refused = staff.post(address, {"act": "close"})
    assert refused.status_code == 409
    assert "まだ答えていません" in refused.content.decode()
    assert staff.post(address, {"act": "answer", "body": " "}).status_code == 422
    assert staff.post(address, {"act": "answer", "body": "ロックはかかっていません。"}).status_code == 303
    assert "ロックなし。" in page(staff, address)
    assert staff.post(address, {"act": "close"}).status_code == 303
    assert staff.post(address, {"act": "dance"}).status_code == 404
    mine = page(as_member(hanako), f"/contact/{ticket.pk}/")
    assert "ロックはかかっていません。" in mine
    assert "ロックなし。" not in mine
    assert "ロックなし。" not in "".join(mail.body for mail in mails())
    assert ticket.number in page(staff, "/console/tickets/", show="closed")
    assert ticket.number in page(staff, "/console/tickets/", q=ticket.number[:4].lower())


def test_staff_are_warned_when_the_address_is_nobodys(client: Client, staff: Client) -> None:
    client.post("/contact/", {**FORM, "email": "nobody@example.com"})
    assert "このアドレスの会員はいません" in page(staff, f"/console/tickets/{Ticket.objects.get().pk}/")


def test_members_do_not_come_near_the_cases(hanako: Member) -> None:
    mine = as_member(hanako)
    mine.post("/contact/", FORM)
    assert mine.get("/console/tickets/").status_code == 403
    assert mine.post(f"/console/tickets/{Ticket.objects.get().pk}/", {"act": "answer", "body": "x"}).status_code == 403
