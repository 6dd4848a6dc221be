"""What a provider may answer that it should not: each is a page with its reason and a way on, and nobody comes in."""

from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.db import connection
from django.test import Client
from tests.conftest import MovableClock
from tests.oidc import CLIENT_ID, SECRET, OddProvider, odd_provider

from kotowari.accounts.external.sending import ANSWER_MAX_BYTES
from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM

pytestmark = pytest.mark.django_db
START, BACK = "/login/with/odd/", "/login/with/odd/back/"


@pytest.fixture
def odd(settings: Any, clock: MovableClock) -> Iterator[OddProvider]:
    cache.clear()
    with odd_provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        yield provider


def state_of(client: Client, odd: OddProvider) -> str:
    """Begin; the provider then knows the nonce, as it would."""
    assert client.post(START).status_code == 200
    states = client.session["socialaccount_states"]
    state, (kept, *_) = list(states.items())[-1]
    odd.nonce = kept["nonce"]
    return str(state)


def come(client: Client, odd: OddProvider, **more: str) -> Any:
    return client.get(BACK, {"state": state_of(client, odd), "code": "c", **more})


def refused(answer: Any, words: str, status: int = 409) -> None:
    text = answer.content.decode()
    assert answer.status_code == status, text
    assert words in text
    assert "<h1" in text
    assert 'class="refusal__remedy"' in text
    assert not Member.objects.exists()
    assert not SignUp.objects.exists()


def test_the_right_answer_leads_on(client: Client, odd: OddProvider) -> None:
    assert come(client, odd)["Location"] == "/signup/with/"
    assert "hanako@example.jp" in client.get("/signup/with/").content.decode()


GARBLED = "約束の形ではなかった"


def other_key(odd: OddProvider) -> None:
    odd.signs_with = ec.generate_private_key(ec.SECP256R1())


def unsigned(odd: OddProvider) -> None:
    odd.algorithm, odd.signs_with = "none", None


def sealed_with_the_secret(odd: OddProvider) -> None:
    odd.algorithm, odd.signs_with = "HS256", SECRET


@pytest.mark.parametrize(
    "spoil",
    [
        lambda odd: odd.claims.update(sub=None),
        lambda odd: odd.claims.update(sub=""),
        lambda odd: odd.claims.update(sub="x" * 192),
        lambda odd: odd.claims.update(sub="a\nb"),
        lambda odd: odd.claims.update(nonce="another"),
        lambda odd: odd.claims.update(nonce=None),
        lambda odd: odd.claims.update(aud="somebody-else"),
        lambda odd: odd.claims.update(aud=[CLIENT_ID, "other"], azp="other"),
        lambda odd: odd.claims.update(iss="https://evil.example"),
        lambda odd: odd.claims.update(exp=1),
        lambda odd: odd.claims.update(exp=None),
        lambda odd: odd.headers.update(kid="unknown"),
        other_key,
        unsigned,
        sealed_with_the_secret,
        lambda odd: odd.answers.update({"/token": (200, {"access_token": "at"})}),
        lambda odd: odd.answers.update({"/token": (200, {"access_token": "at", "id_token": "x.y.z"})}),
        lambda odd: odd.answers.update({"/token": (200, {"access_token": "at", "id_token": ["x"]})}),
        lambda odd: odd.answers.update({"/token": (200, b'{"access_token": ')}),
        lambda odd: odd.answers.update({"/token": (200, b"x" * (ANSWER_MAX_BYTES + 1))}),
        lambda odd: odd.answers.update({"/jwks": (200, {"keys": "none"})}),
        lambda odd: odd.answers.update({"/jwks": (200, {"keys": []})}),
        lambda odd: odd.answers.update({"/jwks": (200, [])}),
        lambda odd: odd.answers.update({"/jwks": (200, b"\xff\xfe garbage")}),
    ],
)
def test_an_answer_that_is_not_as_agreed_opens_nothing(
    client: Client, odd: OddProvider, spoil: Callable[[OddProvider], None]
) -> None:
    spoil(odd)
    answer = come(client, odd)
    refused(answer, GARBLED)
    assert "/login/by-mail/" in answer.content.decode()


@pytest.mark.parametrize(
    "description",
    [b"not json", b"[]", b"{}", b'{"issuer": 7}', b'{"issuer": "https://evil.example"}', b"\x00" * 100],
)
def test_a_description_that_is_none_or_anothers_leads_nowhere(
    client: Client, odd: OddProvider, description: bytes
) -> None:
    odd.answers["/.well-known/openid-configuration"] = (200, description)
    refused(client.post(START), GARBLED)


@pytest.mark.rule("A029")
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_a_provider_that_is_down_is_told_as_such_and_a_link_by_mail_leads_on(
    client: Client, odd: OddProvider, path: str
) -> None:
    odd.answers[path] = (503, {"error": "down"})
    answer = client.post(START) if path.startswith("/.well") else come(client, odd)
    refused(answer, "につながりませんでした", 503)
    assert "/login/by-mail/" in answer.content.decode()
    assert "Retry-After" in answer


@pytest.mark.rule("A029")
def test_a_provider_that_nobody_answers_for_is_told_as_such(client: Client, odd: OddProvider, settings: Any) -> None:
    odd.url = "http://127.0.0.1:9"
    settings.SOCIALACCOUNT_PROVIDERS = odd.settings()
    refused(client.post(START), "につながりませんでした", 503)


def test_a_provider_is_asked_over_tls_and_no_redirect_takes_a_secret_elsewhere(
    client: Client, odd: OddProvider, settings: Any
) -> None:
    odd.answers["/token"] = (307, {})
    refused(come(client, odd), "受け付けませんでした")
    assert [path for path, _ in odd.asked].count("/token") == 1
    odd.url = "http://provider.example"
    settings.SOCIALACCOUNT_PROVIDERS = odd.settings()
    refused(client.post(START), GARBLED)


def test_a_code_that_was_used_or_made_up_is_refused_by_the_provider(client: Client, odd: OddProvider) -> None:
    odd.answers["/token"] = (400, {"error": "invalid_grant"})
    refused(come(client, odd), "受け付けませんでした")


def test_a_state_works_once_in_its_own_browser_and_not_when_made_up(client: Client, odd: OddProvider) -> None:
    state = state_of(client, odd)
    words = "確かめられませんでした"
    for given in ({"state": "made-up", "code": "c"}, {"code": "c"}, {}, {"state": "", "code": ""}):
        refused(client.get(BACK, given), words)
    refused(Client().get(BACK, {"state": state, "code": "c"}), words)
    assert client.get(BACK, {"state": state, "code": "c"})["Location"] == "/signup/with/"
    refused(client.get(BACK, {"state": state, "code": "c"}), words)


def test_a_state_of_one_provider_is_none_of_anothers(client: Client, odd: OddProvider, settings: Any) -> None:
    state = state_of(client, odd)
    other = odd.settings()["openid_connect"]["APPS"][0] | {"provider_id": "other", "name": "Other"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [other]}}
    refused(client.get("/login/with/other/back/", {"state": state, "code": "c"}), "確かめられませんでした")


def test_an_answer_that_names_another_issuer_is_not_taken(client: Client, odd: OddProvider) -> None:
    refused(come(client, odd, iss="https://evil.example"), GARBLED)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "取りやめられた"),
        ("server_error", "受け付けませんでした"),
        ("<script>", "受け付けませんでした"),
    ],
)
def test_stopping_at_the_provider_does_nothing(client: Client, odd: OddProvider, error: str, words: str) -> None:
    answer = client.get(BACK, {"state": state_of(client, odd), "error": error, "error_description": "<b>x</b>"})
    refused(answer, words)
    assert "<b>x" not in answer.content.decode()


def test_an_answer_without_a_code_is_none(client: Client, odd: OddProvider) -> None:
    refused(client.get(BACK, {"state": state_of(client, odd)}), GARBLED)


@pytest.mark.parametrize("email", [None, "", "no address", 7, ["a@example.jp"], "x" * 300 + "@example.jp", "あ@い"])
def test_an_address_that_can_be_none_counts_as_not_told(client: Client, odd: OddProvider, email: Any) -> None:
    odd.claims.update(email=email, email_verified=True)
    odd.answers["/userinfo"] = (200, {"sub": "sub-1"})
    assert come(client, odd)["Location"] == "/signup/with/"
    assert 'name="email"' in client.get("/signup/with/").content.decode()


@pytest.mark.parametrize("said", [None, False, "false", 1, "yes", ["true"], {}])
def test_only_a_plain_yes_vouches_for_an_address(client: Client, odd: OddProvider, said: Any) -> None:
    odd.claims.update(email_verified=said)
    assert come(client, odd)["Location"] == "/signup/with/"
    assert 'name="email"' in client.get("/signup/with/").content.decode()


def test_userinfo_fills_in_and_must_be_of_the_same_person(client: Client, odd: OddProvider) -> None:
    del odd.claims["email"]
    assert come(client, odd)["Location"] == "/signup/with/"
    assert "told@example.jp" in client.get("/signup/with/").content.decode()
    odd.answers["/userinfo"] = (200, {"sub": "somebody-else", "email": "told@example.jp", "email_verified": True})
    refused(come(Client(), odd), GARBLED)


def test_another_subject_with_the_same_address_is_another_account(client: Client, odd: OddProvider) -> None:
    come(client, odd)
    joined = client.post(
        "/signup/with/",
        {
            "username": "hanako_s",
            "display_name": "花子",
            "kind": "individual",
            "terms": "on",
            "message_check": "on",
        },
    )
    assert joined["Location"] == "/my/"
    odd.claims["sub"] = "sub-2"
    stranger = Client()
    assert come(stranger, odd)["Location"] == "/login/link/"
    assert "_auth_user_id" not in stranger.session


def test_keys_that_the_provider_has_changed_are_asked_for_anew(client: Client, odd: OddProvider) -> None:
    assert come(client, odd)["Location"] == "/signup/with/"
    odd.key = odd.signs_with = ec.generate_private_key(ec.SECP256R1())
    odd.headers["kid"] = "k2"
    public = jwt.algorithms.ECAlgorithm.to_jwk(odd.key.public_key(), as_dict=True)
    odd.answers["/jwks"] = (200, {"keys": [{**public, "kid": "k2"}]})
    assert come(Client(), odd)["Location"] == "/signup/with/"


def test_a_token_sealed_with_the_secret_is_taken_only_where_that_is_agreed(
    client: Client, odd: OddProvider, settings: Any
) -> None:
    sealed_with_the_secret(odd)
    refused(come(client, odd), GARBLED)
    settings.SOCIALACCOUNT_PROVIDERS = odd.settings(algorithms=["HS256", "ES256"])
    assert come(Client(), odd)["Location"] == "/signup/with/"


def test_a_form_of_the_providers_only_leads_on_and_carries_nothing_else(client: Client, odd: OddProvider) -> None:
    state = state_of(client, odd)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(BACK, {"code": "c", "state": state, "user": "{}", "next": "https://evil.example"})
    assert (answer.status_code, answer["Location"]) == (303, f"{BACK}?code=c&state={state}")
    assert client.get(answer["Location"])["Location"] == "/signup/with/"


def test_what_was_wanted_is_a_page_of_ours(client: Client, odd: OddProvider) -> None:
    member = register_member(
        actor=SYSTEM,
        username="taro",
        display_name="太郎",
        email="taro@example.jp",
        password="correct horse battery staple",
    )
    member.socialaccount_set.create(provider="odd", uid="sub-1")
    client.post(START, {"next": "https://evil.example/"})
    state, (kept, *_) = list(client.session["socialaccount_states"].items())[-1]
    odd.nonce = kept["nonce"]
    assert client.get(BACK, {"state": state, "code": "c"})["Location"] == "/my/"


def everything_kept() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        assert "accounts_session" in tables
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_no_token_of_a_provider_is_kept_anywhere(client: Client, odd: OddProvider) -> None:
    """Neither on the server nor in the browser: they are used in the request that fetched them (ASVS 10.1.1)."""
    tokens = {"access_token": "access-" + "a" * 40, "refresh_token": "refresh-" + "b" * 40, "id_token": ""}

    def fetched() -> tuple[int, dict[str, str]]:
        tokens["id_token"] = odd.id_token()
        return 200, tokens

    state = state_of(client, odd)
    odd.answers["/token"] = fetched()
    assert client.get(BACK, {"state": state, "code": "the-code-of-this-sign-in"})["Location"] == "/signup/with/"
    sessions = [client.session.items()]
    joined = {"username": "hanako_s", "display_name": "花子", "kind": "individual", "terms": "on"}
    assert client.post("/signup/with/", {**joined, "message_check": "on"})["Location"] == "/my/"
    sessions.append(client.session.items())
    kept = everything_kept()
    assert "sub-1" in kept, "the subject is kept, or this looks in the wrong place"
    for secret in (*tokens.values(), "the-code-of-this-sign-in"):
        for place in (kept, str(sessions), str(client.cookies)):
            assert secret not in place
            assert secret[-20:] not in place


def test_so_many_ways_over_a_provider_from_one_network_and_no_more(client: Client, odd: OddProvider) -> None:
    answers = [client.post(START).status_code for _ in range(62)]
    assert answers.count(200) == 60
    assert answers[-1] == 429


def test_pages_that_go_on_with_an_external_account_need_one_and_soon(
    client: Client, odd: OddProvider, clock: MovableClock
) -> None:
    for page in ("/signup/with/", "/login/link/"):
        refused(client.get(page), "手続きが見つかりません")
    come(client, odd)
    clock.move(minutes=31)
    refused(client.get("/signup/with/"), "手続きが見つかりません")
