"""What happened to accounts, for the rooms above."""

from dataclasses import dataclass
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("accounts.member_joined", Text("会員登録が完了しました", "A member joined"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    """An address was proved and its owner is a member now."""

    member_id: UUID


@event(
    "accounts.member_renamed",
    Text(
        "表示名が「{old_name}」から「{new_name}」に変わりました",
        'The display name changed from "{old_name}" to "{new_name}"',
    ),
    personal=("old_name", "new_name"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRenamed(Event):
    """A member goes by another display name."""

    member_id: UUID
    old_name: str
    new_name: str


@event("accounts.name_registered", Text("本名・法人名が登録されました", "A real name was registered"))
@dataclass(frozen=True, slots=True, kw_only=True)
class NameRegistered(Event):
    """A member said what they are called outside the market; `is_change` when there was a name before."""

    member_id: UUID
    is_change: bool


@event("accounts.password_set", Text("パスワードが新しくなりました", "A new password was set"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet(Event):
    """A member has a new password; every session opened with the old one has ended."""

    member_id: UUID


@event(
    "accounts.password_voided", Text("いままでのパスワードが使えなくなりました", "The password so far was made void")
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordVoided(Event):
    """Staff require a new password of a member; sessions and tokens have ended."""

    member_id: UUID


@event(
    "accounts.lock_ended",
    Text("アカウントのロックが、期限より前に解けました", "A lock of an account ended before its time"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LockEnded(Event):
    """A member is no longer locked out, earlier than was foreseen."""

    member_id: UUID


@event("accounts.staff_appointed", Text("会員が運営の担当者になりました", "A member became staff"))
@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAppointed(Event):
    """A member works for the operator from now on."""

    member_id: UUID


@event("accounts.member_restricted", Text("会員が制限されました({cause})", "A member was restricted ({cause})"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRestricted(Event):
    """A restriction began: its scope stands in the row."""

    member_id: UUID
    restriction_id: UUID
    cause: str


@event("accounts.restriction_lifted", Text("制限が解除されました({cause})", "A restriction was lifted ({cause})"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLifted(Event):
    """One restriction ended before its time; others may still be in force. One overturned was made by mistake."""

    member_id: UUID
    restriction_id: UUID
    cause: str
    overturned: bool = False


@event(
    "accounts.why_asked",
    Text("ログインできない理由がたずねられました", "Somebody asked why signing in does not work"),
    personal=("login",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class WhyAsked(Event):
    """Somebody typed this login and wants the reason to go to its registered address, if there is one."""

    login: str
    language: str


@event(
    "accounts.username_changed",
    Text(
        "ユーザー名が「{old_name}」から「{new_name}」に変わりました",
        'The username changed from "{old_name}" to "{new_name}"',
    ),
    personal=("old_name", "new_name"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class UsernameChanged(Event):
    """A member goes by another username; the address of the profile changed with it."""

    member_id: UUID
    old_name: str
    new_name: str


@event("accounts.main_address_changed", Text("お知らせ先のメールアドレスが変わりました", "A main address changed"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MainAddressChanged(Event):
    """Mail for a member goes to another address from now on."""

    member_id: UUID


@event(
    "accounts.factors_changed",
    Text("二段階認証の方法が変わりました({change})", "The second factors changed ({change})"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsChanged(Event):
    """A member added or removed a second factor (`change`: `added`, `removed`, `reset`)."""

    member_id: UUID
    change: str


@event("accounts.text_promised", Text("SMSの送信を約束しました", "A text message is to be sent"))
@dataclass(frozen=True, slots=True, kw_only=True)
class TextPromised(Event):
    """A text message waits to be handed over."""

    text_id: UUID
    member_id: UUID


@event(
    "accounts.recovery_asked",
    Text("二段階認証の復旧が求められました", "Somebody asked to recover a second factor"),
    personal=("login",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryAsked(Event):
    """Somebody typed this login and wants the link for a recovery to go to its registered address, if there is one."""

    login: str
    language: str
