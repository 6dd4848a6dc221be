"""New passwords, own settings, tokens, and what others may see."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join
from tests.story import proved

from kotowari.accounts import selectors
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.links import Fate, owner_by_reset
from kotowari.accounts.models import ApiToken, Lock, Member
from kotowari.accounts.scopes import SCOPES
from kotowari.accounts.services import (
    ask_password_reset,
    authenticate_token,
    change_settings,
    create_api_token,
    lock_account,
    require_scope,
    revoke_api_token,
    set_password,
)
from kotowari.foundation import policy, subjects
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice, OutboxEvent, OutgoingMail
from kotowari.kernel.errors import InputError, NotVisible, Refused

pytestmark = pytest.mark.django_db
NEW = "seven gentle foxes dancing"


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


def link_in_last_mail() -> str:
    found = re.search(r"/password/reset/([^/\s]+)/", OutgoingMail.objects.latest("id").body)
    assert found
    return found[1]


# --- New passwords -------------------------------------------------------------------------------------


@pytest.mark.rule("A022", "A023")
def test_the_link_works_for_its_member_within_its_minutes(member: Member, clock: MovableClock) -> None:
    ask_password_reset(actor=VISITOR, email=" Ｈanako_S@example.jp ")
    mail = OutgoingMail.objects.get()
    assert mail.to == member.email
    key = link_in_last_mail()
    clock.move(minutes=30)
    assert owner_by_reset(key) == (member, Fate.GOOD)
    clock.move(seconds=1)
    assert owner_by_reset(key) == (member, Fate.EXPIRED)


@pytest.mark.rule("A022")
def test_the_link_works_once_and_one_that_is_not_whole_or_not_ours_is_known_as_such(member: Member) -> None:
    ask_password_reset(actor=VISITOR, email=member.email)
    key = link_in_last_mail()
    for broken in (key[:-1], key[3:], "", "x", key.replace(key[4], "é"), key + "x"):
        assert owner_by_reset(broken) == (None, Fate.BROKEN)
    set_password(actor=member, password=NEW)
    assert owner_by_reset(key)[1] is Fate.USED


@pytest.mark.rule("A023")
def test_an_unknown_address_learns_by_mail_that_nobody_has_it(join: Join, clock: MovableClock) -> None:
    for address in ("nobody@example.jp", "nobody2@example.jp"):
        ask_password_reset(actor=VISITOR, email=address, language="en")
        mail = OutgoingMail.objects.latest("id")
        assert (mail.to, mail.subject) == (address, "[Kotowari] No such account")
        assert "/password/reset/" in mail.body
    with pytest.raises(InputError):
        ask_password_reset(actor=VISITOR, email="no address")


@pytest.mark.rule("A017", "A025")
def test_a_new_password_ends_the_lock_proves_the_address_and_is_told_to_its_owner(
    member: Member, clock: MovableClock
) -> None:
    EmailAddress.objects.filter(user=member).update(verified=False)
    lock_account(actor=SYSTEM, member_id=member.pk, until=clock.moment + timedelta(minutes=10), tries=20)
    assert selectors.locked_until(member.pk)
    with pytest.raises(InputError) as weak:
        set_password(actor=member, password="hanako_shanako_s")
    assert list(weak.value.fields) == ["password"]
    before = member.get_session_auth_hash()
    changed = set_password(actor=member, password=NEW)
    assert changed.check_password(NEW)
    assert not changed.check_password(PASSWORD)
    assert changed.get_session_auth_hash() != before
    assert EmailAddress.objects.filter(user=member, verified=True).exists()
    assert selectors.locked_until(member.pk) is None
    assert Lock.objects.get().ended_by == "password"
    assert Notice.objects.filter(member=member, kind="accounts.password_set").exists()
    assert OutboxEvent.objects.filter(kind="accounts.password_set").exists()


def test_whoever_has_left_gets_no_new_password(member: Member, clock: MovableClock) -> None:
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    with pytest.raises(Refused) as refused:
        set_password(actor=member, password=NEW)
    assert codes_of(refused) == ["has_left"]


# --- Settings ------------------------------------------------------------------------------------------


@pytest.mark.rule("A094")
def test_the_display_name_and_the_language_are_free_to_change(member: Member) -> None:
    changed = change_settings(actor=member, display_name=" 花子\u3000(ライター) ", language="en")
    assert (changed.display_name, changed.language) == ("花子 (ライター)", "en")
    event = OutboxEvent.objects.get(kind="accounts.member_renamed")
    assert event.payload["old_name"] == "佐藤 花子"
    change_settings(actor=member, display_name="花子 (ライター)", language="ja")
    assert OutboxEvent.objects.filter(kind="accounts.member_renamed").count() == 1
    assert AuditEntry.objects.filter(kind="accounts.settings_changed").count() == 2


def test_settings_that_cannot_be_are_refused_field_by_field_and_nothing_changes(member: Member) -> None:
    with pytest.raises(InputError) as wrong:
        change_settings(actor=member, display_name="", language="fr")
    assert set(wrong.value.fields) == {"display_name", "language"}
    member.refresh_from_db()
    assert member.display_name == "佐藤 花子"


def test_settings_are_changed_by_their_owner_signed_in(member: Member, clock: MovableClock) -> None:
    with pytest.raises(Refused) as refused:
        change_settings(actor=VISITOR, display_name="x", language="ja")
    assert codes_of(refused) == ["sign_in_needed"]
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    with pytest.raises(Refused) as left:  # the row as it is now counts, not the one that came with the request
        change_settings(actor=member, display_name="x", language="ja")
    assert codes_of(left) == ["has_left"]


# --- Tokens --------------------------------------------------------------------------------------------


def token_of(member: Member, *scopes: str) -> ApiToken:
    return create_api_token(actor=proved(member), name="会計ソフト連携", scopes=scopes or ("jobs:read", "money:read"))


def test_a_token_is_shown_once_and_opens_what_it_was_made_for(member: Member) -> None:
    token = token_of(member)
    assert token.plaintext is not None
    assert token.plaintext not in str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert ApiToken.objects.get(pk=token.pk).plaintext is None
    assert Notice.objects.filter(member=member, kind="accounts.token_created").exists()
    who, scopes = authenticate_token(f"Bearer {token.plaintext}")
    assert (who, scopes) == (member, {"jobs:read", "money:read"})
    require_scope(scopes, "jobs:read")
    with pytest.raises(Refused) as refused:
        require_scope(scopes, "jobs:write")
    assert (codes_of(refused), refused.value.decision.status) == (["scope_missing"], 403)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer kotowari_guess", "Basic aGFuYWtvOng=", "kotowari_x"]
)
def test_what_is_no_token_is_refused_with_how_to_send_one(member: Member, header: str) -> None:
    token_of(member)
    with pytest.raises(Refused) as refused:
        authenticate_token(header)
    assert (codes_of(refused), refused.value.decision.status) == (["unknown"], 401)


def test_a_revoked_or_expired_token_and_one_of_somebody_who_left_say_so(member: Member, clock: MovableClock) -> None:
    revoked, expiring = token_of(member), token_of(member)
    revoke_api_token(actor=member, token_id=revoked.pk)
    with pytest.raises(Refused) as refused:
        authenticate_token(f"Bearer {revoked.plaintext}")
    assert codes_of(refused) == ["revoked"]
    authenticate_token(f"Bearer {expiring.plaintext}")
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    with pytest.raises(Refused) as left:
        authenticate_token(f"Bearer {expiring.plaintext}")
    assert (codes_of(left), left.value.decision.status) == (["has_left"], 403)
    Member.objects.filter(pk=member.pk).update(left_at=None)
    clock.move(days=policy.value("accounts.token_days"))
    with pytest.raises(Refused) as expired:
        authenticate_token(f"Bearer {expiring.plaintext}")
    assert (codes_of(expired), expired.value.decision.status) == (["expired"], 401)


def test_last_use_is_written_at_most_once_a_minute(member: Member, clock: MovableClock) -> None:
    token = token_of(member)
    begin = clock.moment
    for seconds, written in ((0, 0), (59, 0), (1, 60), (30, 60)):
        clock.move(seconds=seconds)
        authenticate_token(f"Bearer {token.plaintext}")
        token.refresh_from_db()
        assert token.last_used_at == begin + timedelta(seconds=written)


def test_tokens_have_a_number_and_revoking_one_makes_room(member: Member) -> None:
    tokens = [token_of(member) for _ in range(policy.value("accounts.tokens_max"))]
    with pytest.raises(Refused) as refused:
        token_of(member)
    assert codes_of(refused) == ["too_many_tokens"]
    revoke_api_token(actor=member, token_id=tokens[0].pk)
    with pytest.raises(Refused) as again:
        revoke_api_token(actor=member, token_id=tokens[0].pk)
    assert codes_of(again) == ["already_revoked"]
    token_of(member)


def test_a_token_needs_a_name_and_known_scopes(member: Member) -> None:
    with pytest.raises(InputError) as wrong:
        create_api_token(actor=proved(member), name=" ", scopes=[])
    assert set(wrong.value.fields) == {"name", "scopes"}
    with pytest.raises(InputError) as unknown:
        create_api_token(actor=proved(member), name="x", scopes=["jobs:read", "world:rule"])
    assert "world:rule" in unknown.value.fields["scopes"][0].ja
    every = create_api_token(actor=proved(member), name="x", scopes=list(SCOPES))
    assert every.scopes == list(SCOPES)


def test_a_repeated_key_makes_one_token_and_shows_it_once(member: Member) -> None:
    make = {"actor": proved(member), "name": "x", "scopes": ["jobs:read"], "idempotency_key": "k"}
    first = create_api_token(**make)  # type: ignore[arg-type]
    again = create_api_token(**make)  # type: ignore[arg-type]
    assert (again.pk, again.plaintext) == (first.pk, None)


def test_nobody_ends_or_sees_somebody_elses_token(join: Join) -> None:
    mine, theirs = join("mine"), join("theirs")
    token = token_of(theirs)
    with pytest.raises(NotVisible):
        revoke_api_token(actor=mine, token_id=token.pk)
    with pytest.raises(NotVisible):
        subjects.load("accounts.apitoken", str(token.pk), actor=mine)
    assert subjects.load("accounts.apitoken", str(token.pk), actor=theirs) == token
    assert list(selectors.tokens_visible_to(None)) == []


# --- What others see -----------------------------------------------------------------------------------


@pytest.mark.rule("A093", "A094")
def test_a_card_shows_the_display_name_and_never_the_address(member: Member) -> None:
    card = selectors.card_of(selectors.member_by_username(" Hanako_S"))
    assert (card.display_name, card.url) == ("佐藤 花子", "/members/hanako_s/")
    assert member.email not in repr(card)
    assert selectors.cards_of([member.pk, member.pk]) == {member.pk: card}
    with pytest.raises(NotVisible):
        selectors.member_by_username("nobody")


def test_member_rows_are_for_their_owner_staff_and_the_system(join: Join) -> None:
    mine, theirs = join("mine"), join("theirs")
    assert subjects.load("accounts.member", str(mine.pk), actor=mine) == mine
    with pytest.raises(NotVisible):
        subjects.load("accounts.member", str(theirs.pk), actor=mine)
    Member.objects.filter(pk=mine.pk).update(is_staff=True)
    mine.refresh_from_db()
    assert subjects.load("accounts.member", str(theirs.pk), actor=mine) == theirs
    assert set(selectors.members_visible_to(SYSTEM)) == {mine, theirs}
    with pytest.raises(NotVisible):
        subjects.load("accounts.member", "not an id", actor=mine)
