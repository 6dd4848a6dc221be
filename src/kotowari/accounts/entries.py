"""What the audit says about accounts."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

SIGN_UP_STARTED = EntryType("accounts.sign_up_started", Text("会員登録の手続きを始めた", "started to sign up"))
CODE_SENT = EntryType("accounts.code_sent", Text("{number}通目の確認コードを送った", "had code number {number} sent"))
SIGN_UP_LAPSED = EntryType(
    "accounts.sign_up_lapsed",
    Text("期限内に終わらなかった登録手続きを消した", "dropped a sign-up that was not finished in time"),
)
MEMBER_JOINED = EntryType(
    "accounts.member_joined",
    Text("ユーザー名「{username}」で会員になった", 'became a member as "{username}"'),
    personal=frozenset({"username"}),
)
SIGNED_IN = EntryType("accounts.signed_in", Text("ログインした({way})", "signed in ({way})"))
SIGNED_OUT = EntryType("accounts.signed_out", Text("ログアウトした", "signed out"))
RESET_ASKED = EntryType("accounts.reset_asked", Text("パスワードの再設定を求めた", "asked for a new password"))
ASKED_WHY = EntryType(
    "accounts.asked_why", Text("ログインできない理由をたずねた", "asked why signing in does not work")
)
PASSWORD_SET = EntryType("accounts.password_set", Text("新しいパスワードを設定した", "set a new password"))
PASSWORD_REMINDED = EntryType(
    "accounts.password_reminded",
    Text("{months}か月変わっていないパスワードの変更をすすめた", "reminded of a password that is {months} months old"),
)
SETTINGS_CHANGED = EntryType(
    "accounts.settings_changed",
    Text(
        "設定を変えた: {fields}(表示名: {old_name} → {new_name})",
        "changed settings: {fields} (name: {old_name} → {new_name})",
    ),
    personal=frozenset({"old_name", "new_name"}),
)
TOKEN_CREATED = EntryType(
    "accounts.token_created",
    Text("APIトークン「{name}」を作った({scopes})", 'made the token "{name}" ({scopes})'),
    personal=frozenset({"name"}),
)
TOKEN_REVOKED = EntryType(
    "accounts.token_revoked",
    Text("APIトークン「{name}」を無効にした", 'revoked the token "{name}"'),
    personal=frozenset({"name"}),
)
PASSWORD_FORCED = EntryType("accounts.password_forced", Text("新しいパスワードを求めた", "required a new password"))
SIGNED_OUT_BY_STAFF = EntryType(
    "accounts.sessions_ended_by_staff",
    Text("すべての端末からログアウトさせた({sessions}件)", "signed the member out everywhere ({sessions})"),
)
ROUND_RUN = EntryType("accounts.round_run", Text("{name}を{members}人に行った", "did {name} to {members} members"))
FORCED_RESET_ASKED = EntryType(
    "accounts.forced_reset_asked",
    Text(
        "まとめて新しいパスワードを求めた(全員: {everybody}、選んだ会員: {members}人)",
        "required new passwords of many (everybody: {everybody}, chosen: {members})",
    ),
)
FORCED_RESET_APPROVED = EntryType(
    "accounts.forced_reset_approved", Text("全員への実行を承認した", "approved it for everybody")
)
FORCED_RESET_DECLINED = EntryType("accounts.forced_reset_declined", Text("実行を取りやめた", "called it off"))
FORCED_RESET_LAPSED = EntryType(
    "accounts.forced_reset_lapsed", Text("承認のないまま期限が過ぎた", "nobody approved it in time")
)
STAFF_APPOINTED = EntryType("accounts.staff_appointed", Text("運営の担当者に任命した", "appointed as staff"))
NAME_CONFIRMED = EntryType(
    "accounts.name_confirmed", Text("登録済みの本名・法人名を確かめた", "confirmed the registered name")
)
NAME_REGISTERED = EntryType(
    "accounts.name_registered",
    Text("本名・法人名を登録した({why_ja})", "registered the real name ({why_en})"),
)
NOT_ME_REPORTED = EntryType(
    "accounts.not_me_reported",
    Text(
        "「これは私ではありません」と知らせた(すでに保護中: {again})",
        "said “this was not me” (covered already: {again})",
    ),
)
SECURITY_CHECKED = EntryType(
    "accounts.security_checked",
    Text("セキュリティ点検をした(心当たりなし: {doubtful})", "did the security check (not theirs: {doubtful})"),
)
CHECK_REMINDED = EntryType(
    "accounts.check_reminded",
    Text("{months}か月ごとの点検をすすめた", "was invited to the check of every {months} months"),
)
SESSION_ENDED = EntryType(
    "accounts.session_ended",
    Text("端末「{label}」をログアウトした", "signed out the device “{label}”"),
    personal=frozenset({"label"}),
)
SESSIONS_ENDED = EntryType("accounts.sessions_ended", Text("{count}件のログインを終わらせた", "ended {count} sessions"))
DEVICE_FORGOTTEN = EntryType(
    "accounts.device_forgotten",
    Text("端末「{label}」の記憶を消した", "forgot the device “{label}”"),
    personal=frozenset({"label"}),
)
LOCKED = EntryType(
    "accounts.locked",
    Text("パスワードの間違い{tries}回で{until}までロックした", "locked after {tries} wrong passwords until {until}"),
)
UNLOCKED = EntryType("accounts.unlocked", Text("ロックを解いた({by})", "ended the lock ({by})"))
RISK_CLOSED = EntryType("accounts.risk_closed", Text("確認済みにした: {name}", "closed a matter of risk: {name}"))
RISK_ESCALATED = EntryType(
    "accounts.risk_escalated",
    Text("期限が来たことを担当者{told}人に知らせた: {name}", "told {told} of staff that it is due: {name}"),
)
RISK_LAPSED = EntryType("accounts.risk_lapsed", Text("確認されないまま終わった: {name}", "ended unlooked at: {name}"))
RISK_RAISED = EntryType("accounts.risk_raised", Text("運営の確認に回した: {name}", "brought before staff: {name}"))
RESTRICTED = EntryType(
    "accounts.restricted", Text("{until}まで制限した({cause})", "restricted until {until} ({cause})")
)
OVERTURNED = EntryType(
    "accounts.restriction_overturned",
    Text("制限を誤りとして取り消した({cause})", "withdrew a restriction as a mistake ({cause})"),
)
LIFTED = EntryType("accounts.restriction_lifted", Text("制限を解除した({cause})", "lifted a restriction ({cause})"))
ADDRESS_ASKED = EntryType("accounts.address_asked", Text("メールアドレスの追加を始めた", "began to add an address"))
ADDRESS_CODE_SENT = EntryType(
    "accounts.address_code_sent", Text("{number}通目の確認コードを送った", "had code number {number} sent")
)
ADDRESS_DROPPED = EntryType(
    "accounts.address_dropped", Text("メールアドレスの追加を取りやめた", "dropped an address that was not proved")
)
ADDRESS_ADDED = EntryType(
    "accounts.address_added", Text("メールアドレス {email} を追加した", "added {email}"), personal=frozenset({"email"})
)
ADDRESS_REMOVED = EntryType(
    "accounts.address_removed",
    Text("メールアドレス {email} を削除した", "removed {email}"),
    personal=frozenset({"email"}),
)
PRIMARY_CHANGED = EntryType(
    "accounts.primary_changed",
    Text("お知らせ先を {old} から {new} に変えた", "changed the main address from {old} to {new}"),
    personal=frozenset({"old", "new"}),
)
ADDRESS_UNDONE = EntryType(
    "accounts.address_undone",
    Text(
        "お知らせ先を {old} に戻し、{removed}件のアドレスを外した",
        "took the main address back to {old}, {removed} removed",
    ),
    personal=frozenset({"old"}),
)
PASSWORD_CHANGED = EntryType(
    "accounts.password_changed", Text("ログイン中にパスワードを変えた", "changed the password while signed in")
)
USERNAME_CHANGED = EntryType(
    "accounts.username_changed",
    Text("ユーザー名を {old} から {new} に変えた", "changed the username from {old} to {new}"),
    personal=frozenset({"old", "new"}),
)
FACTOR_BEGUN = EntryType(
    "accounts.factor_begun", Text("二段階認証の登録を始めた({kind_of})", "began to add a second factor ({kind_of})")
)
FACTOR_ADDED = EntryType(
    "accounts.factor_added",
    Text("二段階認証「{name}」を登録した({kind_of})", 'added the second factor "{name}" ({kind_of})'),
    personal=frozenset({"name"}),
)
FACTOR_RENAMED = EntryType(
    "accounts.factor_renamed",
    Text("二段階認証の名前を変えた: {old_name} → {new_name}", "renamed a second factor: {old_name} → {new_name}"),
    personal=frozenset({"old_name", "new_name"}),
)
FACTOR_REMOVED = EntryType(
    "accounts.factor_removed",
    Text("二段階認証「{name}」を外した({kind_of})", 'removed the second factor "{name}" ({kind_of})'),
    personal=frozenset({"name"}),
)
FACTOR_LAPSED = EntryType(
    "accounts.factor_lapsed",
    Text(
        "終わらなかった二段階認証の登録を取り消した({kind_of})",
        "dropped a second factor that was not finished ({kind_of})",
    ),
)
FACTOR_SHOWN = EntryType(
    "accounts.factor_shown", Text("二段階認証をした({kind_of})", "showed the second factor ({kind_of})")
)
FACTOR_CODE_SENT = EntryType(
    "accounts.factor_code_sent", Text("SMSでコードを送った({purpose})", "had a code sent by text message ({purpose})")
)
CODES_WRONG = EntryType(
    "accounts.codes_wrong", Text("コードの間違いが続いたことを本人に知らせた", "told the owner of repeated wrong codes")
)
RECOVERY_CODES_MADE = EntryType(
    "accounts.recovery_codes_made", Text("回復コードを{count}個作った", "made {count} recovery codes")
)
DEVICE_TRUSTED = EntryType(
    "accounts.device_trusted",
    Text("端末「{name}」を{until}まで信頼した", 'trusted the device "{name}" until {until}'),
    personal=frozenset({"name"}),
)
PROVED_AGAIN = EntryType(
    "accounts.proved_again", Text("本人であることを確かめた({way})", "showed once more that it is them ({way})")
)
PROOF_CODE_SENT = EntryType(
    "accounts.proof_code_sent", Text("本人確認のコードをメールで送った", "had a code for the proof sent by mail")
)
EXTERNAL_LINKED = EntryType(
    "accounts.external_linked", Text("{provider}のアカウントをつないだ", "linked an account of {provider}")
)
EXTERNAL_UNLINKED = EntryType(
    "accounts.external_unlinked", Text("{provider}のアカウントを外した", "unlinked an account of {provider}")
)
SIGN_IN_LINK_ASKED = EntryType(
    "accounts.sign_in_link_asked", Text("ログインのリンクを求めた", "asked for a link that signs in")
)
RECOVERY_ASKED = EntryType(
    "accounts.recovery_asked", Text("二段階認証の復旧のメールを求めた", "asked for the mail to recover")
)
RECOVERY_STARTED = EntryType(
    "accounts.recovery_started", Text("二段階認証の復旧を始めた({by})", "began to recover the second factor ({by})")
)
RECOVERY_CODE_SENT = EntryType(
    "accounts.recovery_code_sent", Text("復旧の確認コードをメールで送った", "had the code of a recovery mailed")
)
RECOVERY_STATED = EntryType(
    "accounts.recovery_stated", Text("復旧のための説明を送った", "sent what they know, to recover")
)
RECOVERY_WORD = EntryType("accounts.recovery_word", Text("復旧の手続きで書いた", "wrote in a recovery"))
RECOVERY_APPROVED = EntryType(
    "accounts.recovery_approved",
    Text("二段階認証の復旧を承認した({number}人目)", "approved a recovery (number {number})"),
)
RECOVERY_TOLD = EntryType(
    "accounts.recovery_told", Text("復旧の確認期間を本人に知らせた", "told the owner of the cooling-off of a recovery")
)
RECOVERY_ENDED = EntryType(
    "accounts.recovery_ended", Text("二段階認証の復旧が終わった({state})", "a recovery ended ({state})")
)
