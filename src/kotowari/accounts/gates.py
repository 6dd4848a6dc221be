"""What people may do with accounts, their own and as staff, and every reason why not. Pure: facts in, blockers out."""

from kotowari.accounts.facts import (
    NewTokenFacts,
    OwnFacts,
    PendingFacts,
    SignInFacts,
    SignUpFacts,
    StaffFacts,
    SystemFacts,
    TokenFacts,
)
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text

TO_LOGIN = Remedy(Text("ログインする", "Sign in"), "/login/")
TO_RESET = Remedy(Text("パスワードを再設定する", "Set a new password"), "/password/reset/")
TO_CONFIRM = Remedy(Text("確認コードを入力して登録を終える", "Enter the code and finish signing up"), "/signup/verify/")
TO_NEW_CODE = Remedy(Text("新しいコードを送る", "Send a new code"), "/signup/verify/#resend")
TO_SIGN_UP = Remedy(Text("もう一度登録する", "Sign up again"), "/signup/")
TO_TOKENS = Remedy(Text("APIトークンの一覧を開く", "Open the list of tokens"), "/my/settings/api/")


# --- Rules ---------------------------------------------------------------------------------------------


def signed_in(facts: OwnFacts) -> Blocker | None:
    if facts.signed_in:
        return None
    return Blocker(
        code="sign_in_needed",
        reason=Text("ログインした会員本人だけができます。", "Only the member, signed in, can do this."),
        rule="A037",
        resolved_by="you",
        remedy=TO_LOGIN,
        status=401,
    )


def still_member(facts: OwnFacts | SignInFacts | TokenFacts) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="has_left",
        reason=Text("このアカウントは退会済みです。", "This account has left the market."),
        rule="A091",
        resolved_by="you",
        facts={"left_at": facts.left_at},
        remedy=TO_SIGN_UP,
        status=403,
    )


def not_member_yet(facts: SignUpFacts) -> Blocker | None:
    if not facts.is_member:
        return None
    return Blocker(
        code="already_member",
        reason=Text(
            "すでに会員としてログインしています。1人が複数のアカウントを持つことはできません。",
            "You are signed in as a member already. Nobody has several accounts.",
        ),
        rule="A125",
        resolved_by="you",
        remedy=Remedy(Text("マイページを開く", "Open my page"), "/my/"),
    )


def only_the_system(facts: SystemFacts) -> Blocker | None:
    if facts.is_system:
        return None
    return Blocker(
        code="system_only",
        reason=Text(
            "この操作は、マーケット自身だけが行います。会員になるには登録の手続きをしてください。",
            "Only the market itself does this. Members are made by signing up.",
        ),
        rule="A093",
        resolved_by="you",
        remedy=TO_SIGN_UP,
        status=403,
    )


def sign_up_alive(facts: PendingFacts) -> Blocker | None:
    if facts.now < facts.lapses_at:
        return None
    return Blocker(
        code="lapsed",
        reason=Text(
            "登録の手続きの期限が過ぎました。入力内容は保存されていません。",
            "The time to finish signing up has run out, and nothing of it was kept.",
        ),
        rule="A022",
        resolved_by="you",
        facts={"lapsed_at": facts.lapses_at},
        remedy=TO_SIGN_UP,
    )


def code_alive(facts: PendingFacts) -> Blocker | None:
    if facts.now < facts.code_expires_at or facts.now >= facts.lapses_at:
        return None
    return Blocker(
        code="code_expired",
        reason=Text(
            "この確認コードの期限が過ぎました。新しいコードを送ってください。",
            "This code has expired. Please have a new one sent.",
        ),
        rule="A022",
        resolved_by="you",
        facts={"expired_at": facts.code_expires_at},
        remedy=TO_NEW_CODE,
    )


def sign_up_due(facts: PendingFacts) -> Blocker | None:
    if facts.now >= facts.lapses_at:
        return None
    return Blocker(
        code="not_due",
        reason=Text("登録の手続きの期限はまだ来ていません。", "The time to finish signing up has not run out yet."),
        rule="A022",
        resolved_by="time",
        clears_at=facts.lapses_at,
    )


def sign_up_finished(facts: SignInFacts) -> Blocker | None:
    if not facts.sign_up_pending:
        return None
    return Blocker(
        code="sign_up_pending",
        reason=Text(
            "会員登録がまだ終わっていません。メールで届いた確認コードの入力が残っています。",
            "Signing up is not finished yet: the code that came by mail is still to be entered.",
        ),
        rule="A022",
        resolved_by="you",
        remedy=TO_CONFIRM,
        status=403,
    )


def address_proved(facts: SignInFacts) -> Blocker | None:
    if facts.address_proved or facts.sign_up_pending:
        return None
    return Blocker(
        code="address_not_proved",
        reason=Text(
            "メールアドレスがまだ確認されていません。再設定のメールを受け取ると確認できます。",
            "The e-mail address is not proved yet. Receiving the mail for a new password proves it.",
        ),
        rule="A023",
        resolved_by="you",
        remedy=TO_RESET,
        status=403,
    )


def room_for_a_token(facts: NewTokenFacts) -> Blocker | None:
    if facts.tokens < facts.tokens_max:
        return None
    return Blocker(
        code="too_many_tokens",
        reason=Text(
            "使えるAPIトークンは{max}個までです。使っていないものを無効にすると作れます。",
            "At most {max} tokens can be in use. Revoke one that you no longer need to make another.",
        ).format(max=facts.tokens_max),
        rule="A035",
        resolved_by="you",
        facts={"count": facts.tokens, "max": facts.tokens_max},
        remedy=TO_TOKENS,
    )


def token_known(facts: TokenFacts) -> Blocker | None:
    if facts.known:
        return None
    return Blocker(
        code="unknown",
        reason=Text(
            "このAPIトークンは存在しません。「Authorization: Bearer トークン」の形で、全体を送ってください。",
            "There is no such token. Send it whole, as `Authorization: Bearer TOKEN`.",
        ),
        rule="A010",
        resolved_by="you",
        remedy=TO_TOKENS,
        status=401,
    )


def token_not_revoked(facts: TokenFacts) -> Blocker | None:
    if facts.revoked_at is None:
        return None
    return Blocker(
        code="revoked",
        reason=Text("このAPIトークンは無効にされています。", "This token has been revoked."),
        rule="A035",
        resolved_by="you",
        facts={"revoked_at": facts.revoked_at},
        remedy=TO_TOKENS,
        status=401,
    )


def not_revoked_yet(facts: TokenFacts) -> Blocker | None:
    if facts.revoked_at is None:
        return None
    return Blocker(
        code="already_revoked",
        reason=Text("このAPIトークンは、すでに無効です。", "This token is revoked already."),
        rule="A035",
        resolved_by="you",
        facts={"revoked_at": facts.revoked_at},
        remedy=TO_TOKENS,
    )


def token_fresh(facts: TokenFacts) -> Blocker | None:
    if facts.expires_at is None or facts.now < facts.expires_at:
        return None
    return Blocker(
        code="expired",
        reason=Text("このAPIトークンの有効期限が過ぎました。", "This token has expired."),
        rule="A035",
        resolved_by="you",
        facts={"expired_at": facts.expires_at},
        remedy=TO_TOKENS,
        status=401,
    )


def may_appoint(facts: StaffFacts) -> Blocker | None:
    if facts.may_appoint:
        return None
    return Blocker(
        code="staff_only",
        reason=Text(
            "運営の担当者を任命できるのは、担当者とサーバーの管理者だけです。",
            "Only staff, or whoever runs the server, can appoint staff.",
        ),
        rule="A063",
        resolved_by="operator",
        status=403,
    )


def not_staff_yet(facts: StaffFacts) -> Blocker | None:
    if not facts.is_staff:
        return None
    return Blocker(
        code="already_staff",
        reason=Text("この会員は、すでに運営の担当者です。", "This member is staff already."),
        rule="A063",
        resolved_by="you",
        remedy=Remedy(Text("運営の画面を開く", "Open the console"), "/console/"),
    )


def appointee_has_not_left(facts: StaffFacts) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="appointee_has_left",
        reason=Text("退会した人を担当者にすることはできません。", "Somebody who has left cannot be staff."),
        rule="A091",
        resolved_by="counterparty",
        facts={"left_at": facts.left_at},
    )


# --- Actions -------------------------------------------------------------------------------------------

SIGN_UP = Action(
    "accounts.sign_up",
    title=Text("会員登録をする", "Sign up"),
    no=Text("会員登録ができません", "Signing up is not possible"),
    rules=(not_member_yet,),
)
ADD_MEMBER = Action(
    "accounts.add_member",
    title=Text("確認済みの会員を加える", "Add a member whose address is proved"),
    no=Text("会員を加えられません", "No member can be added"),
    rules=(only_the_system,),
)
CONFIRM_SIGN_UP = Action(
    "accounts.sign_up.confirm",
    title=Text("メールアドレスを確認して登録を終える", "Prove the address and finish signing up"),
    no=Text("登録を終えられません", "Signing up cannot be finished"),
    subject="accounts.signup",
    rules=(sign_up_alive, code_alive),
)
RESEND_CODE = Action(
    "accounts.sign_up.resend",
    title=Text("新しい確認コードを送る", "Send a new code"),
    no=Text("確認コードを送れません", "No code can be sent"),
    subject="accounts.signup",
    rules=(sign_up_alive,),
)
LAPSE_SIGN_UP = Action(
    "accounts.sign_up.lapse",
    title=Text("期限の過ぎた登録手続きを消す", "Drop a sign-up whose time has run out"),
    no=Text("まだ消せません", "It cannot be dropped yet"),
    subject="accounts.signup",
    rules=(sign_up_due,),
)
SIGN_IN = Action(
    "accounts.sign_in",
    title=Text("ログインする", "Sign in"),
    no=Text("ログインできません", "Signing in is not possible"),
    rules=(sign_up_finished, address_proved, still_member),
)
SIGN_OUT = Action(
    "accounts.sign_out",
    title=Text("ログアウトする", "Sign out"),
    no=Text("ログアウトできません", "Signing out is not possible"),
    rules=(signed_in,),
)
ASK_RESET = Action(
    "accounts.password.ask_reset",
    title=Text("再設定のメールを送る", "Send the mail for a new password"),
    no=Text("再設定のメールを送れません", "The mail cannot be sent"),
)
SET_PASSWORD = Action(
    "accounts.password.set",
    title=Text("新しいパスワードにする", "Set the new password"),
    no=Text("パスワードを変えられません", "The password cannot be changed"),
    rules=(still_member,),
)
SEE_OWN = Action(
    "accounts.see_own",
    title=Text("自分の設定を見る", "See own settings"),
    no=Text("自分の設定を見られません", "Own settings cannot be seen"),
    rules=(signed_in,),
)
CHANGE_SETTINGS = Action(
    "accounts.settings.change",
    title=Text("設定を更新する", "Update settings"),
    no=Text("設定を更新できません", "Settings cannot be updated"),
    rules=(signed_in, still_member),
)
CREATE_TOKEN = Action(
    "accounts.token.create",
    title=Text("APIトークンを作る", "Make a token"),
    no=Text("APIトークンを作れません", "No token can be made"),
    rules=(signed_in, still_member, room_for_a_token),
)
REVOKE_TOKEN = Action(
    "accounts.token.revoke",
    title=Text("APIトークンを無効にする", "Revoke the token"),
    no=Text("APIトークンを無効にできません", "The token cannot be revoked"),
    subject="accounts.apitoken",
    rules=(not_revoked_yet,),
)
USE_TOKEN = Action(
    "accounts.token.use",
    title=Text("APIトークンで呼び出す", "Call with a token"),
    no=Text("このAPIトークンでは呼び出せません", "This token opens nothing"),
    subject="accounts.apitoken",
    rules=(token_known, token_not_revoked, token_fresh, still_member),
)
APPOINT_STAFF = Action(
    "accounts.staff.appoint",
    title=Text("運営の担当者に任命する", "Appoint as staff"),
    no=Text("担当者に任命できません", "Cannot be appointed"),
    subject="accounts.member",
    rules=(may_appoint, not_staff_yet, appointee_has_not_left),
)
