"""Signing in, verification of the person, and dealing outside the market."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Choice, Flag, Whole
from kotowari.foundation.policy.provider_ends import ProviderEnds
from kotowari.kernel.text import Text

LOGIN_TRIES = define(
    "accounts.login_tries",
    Whole("count", 3, 100),
    Text("パスワードを間違えられる回数", "Wrong passwords before a lock"),
    Text(
        "続けてこの回数間違えるとロックされる。残りの回数は画面に出る。",
        "This many in a row lock the account; the rest is shown.",
    ),
    rule="A015",
)
LOGIN_WAIT_SECONDS = define(
    "accounts.login_wait_seconds",
    Whole("seconds", 1, 3_600),
    Text("間違いが続いたときの最初の待ち時間", "First wait after wrong tries"),
    Text(
        "同じ回線や端末から間違いが続いたときの最初の待ち時間。間違えるたびに2倍になる。",
        "The first wait after wrong tries from one network or device; each further one doubles it.",
    ),
    rule="A015",
)
LOCK_TRIES = define(
    "accounts.lock_tries",
    Whole("count", 3, 100),
    Text("アカウントをロックするまでの間違いの数", "Wrong passwords before the account is locked"),
    Text(
        "知らない端末からの間違いが、どこからであれ合わせてこの回数続くと、知らない端末に対してアカウントがロックされる。",
        "This many in a row from devices the account does not know, wherever they are, lock it against such devices.",
    ),
    rule="A015",
)
LOCK_REPEATS_TO_STAFF = define(
    "accounts.lock_repeats_to_staff",
    Whole("count", 2, 100),
    Text("運営に知らせるロックの回数", "Locks that come before staff"),
    Text(
        "1週間にこの回数ロックされたアカウントは、運営が確認する。",
        "An account locked this often in a week is looked at by staff.",
    ),
    rule="A019",
)
RISK_REVIEW_BANK_DAYS = define(
    "accounts.risk_review_bank_days",
    Whole("bank_days", 1, 30),
    Text("危険の知らせを確認する期限", "Time to look at a risk"),
    Text(
        "危険の知らせが届いてから運営が確認するまでの営業日数。",
        "Bank days within which staff look at a matter of risk.",
    ),
    rule="A019",
)
RISK_LAPSE_FACTOR = define(
    "accounts.risk_lapse_factor",
    Whole("count", 2, 10),
    Text("危険の知らせが終わるまでの倍率", "How long a risk stays open"),
    Text(
        "確認の期限のこの倍が過ぎても見られなかった知らせは、そのことを記録して終わる。",
        "A matter that nobody looked at ends, and says so, after this many times the time to look at it.",
    ),
    rule="A019",
)
FREEZE_DAYS_MAX = define(
    "accounts.freeze_days_max",
    Whole("days", 1, 365),
    Text("凍結の最長の日数", "Longest freeze"),
    Text(
        "運営が一度に決められる凍結の長さ。続けるには、理由を書いて決め直す。",
        "The longest freeze that staff decide at once; to go on it is decided anew, with its reasons.",
    ),
    rule="A123",
)
STOPPED_DAYS_MAX = define(
    "accounts.stopped_days_max",
    Whole("days", 0, 90),
    Text("期限を止める最長の日数", "Longest stop of a deadline"),
    Text(
        "本人がサイトを使えないあいだ止まる期限が、1つの期限について合わせて何日まで止まるか。そのあとは、使えなくても期限が進む。",
        "How many days in all one deadline stands still while the member it waits for cannot use the site; then it runs "
        "on.",
    ),
    rule="A185",
    needs_notice=True,
)
ALARM_WINDOW_MINUTES = define(
    "accounts.alarm_window_minutes",
    Whole("minutes", 5, 120),
    Text("パスワードリスト攻撃を見る時間の幅", "Window of the credential stuffing alarm"),
    Text(
        "この時間のログインの失敗を合わせて見る。",
        "Failed sign-ins of this time are looked at together.",
    ),
    rule="A019",
)
ALARM_NETWORK_LOGINS = define(
    "accounts.alarm_network_logins",
    Whole("count", 5, 10_000),
    Text("1つの回線から試されたログインの数", "Logins tried from one network"),
    Text(
        "1つの回線から、この数より多くの異なるアカウントや、登録のないログインが失敗すると、運営に知らせる。",
        "Failures with more different accounts, or logins that nobody has, than this from one network alert staff.",
    ),
    rule="A019",
)
ALARM_OVERALL_FAILURES = define(
    "accounts.alarm_overall_failures",
    Whole("count", 20, 1_000_000),
    Text("全体の失敗の数の下限", "Least failures overall"),
    Text(
        "全体の失敗がこの数に届かないうちは、ふだんとの比較で知らせることはない。",
        "Below this many failures overall, nothing is made of how they compare with the usual.",
    ),
    rule="A019",
)
ALARM_USUAL_FACTOR = define(
    "accounts.alarm_usual_factor",
    Whole("count", 2, 100),
    Text("ふだんの何倍で知らせるか", "Times the usual"),
    Text(
        "全体の失敗が、ふだんの同じ長さの時間のこの倍を超えると、運営に知らせる。",
        "More failures overall than this many times the usual of as long a time alert staff.",
    ),
    rule="A019",
)
ALARM_USUAL_DAYS = define(
    "accounts.alarm_usual_days",
    Whole("days", 1, 30),
    Text("ふだんとみなす日数", "Days that make the usual"),
    Text("ふだんの失敗の数を数える、直近の日数。", "The last days of which the usual failures are counted."),
    rule="A019",
)
FORCED_RESET_APPROVAL_HOURS = define(
    "accounts.forced_reset_approval_hours",
    Whole("hours", 1, 168),
    Text("全員への強制再設定を承認する期限", "Time to approve a reset of everybody"),
    Text(
        "全員に新しいパスワードを求めるには、この時間のうちに、依頼した人とは別の担当者の承認が要る。",
        "To require new passwords of everybody, another of staff than who asked approves it within this time.",
    ),
    rule="A130",
)
PROOF_MINUTES = define(
    "accounts.proof_minutes",
    Whole("minutes", 5, 1_440),
    Text("本人確認のやり直しまでの時間", "How long a proof holds"),
    Text(
        "パスワードや振込先など大切な操作の前に、この時間が過ぎていれば、もう一度本人であることを確かめる。",
        "Before touching passwords, bank accounts and the like, whoever proved longer ago than this proves again.",
    ),
    rule="A197",
)
LOGIN_LOCK_MINUTES = define(
    "accounts.login_lock_minutes",
    Whole("minutes", 1, 1_440),
    Text("最初のロックの長さ", "First lock"),
    Text(
        "ロックが自然に解けるまでの時間。解ける時刻は画面に出る。",
        "Time until a lock ends by itself, shown as a clock time.",
    ),
    rule="A017",
)
LOGIN_LOCK_MAX_MINUTES = define(
    "accounts.login_lock_max_minutes",
    Whole("minutes", 1, 10_080),
    Text("くり返したときのロックの上限", "Longest lock"),
    Text("くり返すたびにロックは長くなり、この長さで止まる。", "Repeated locks grow up to this length."),
    rule="A019",
)
SESSION_DAYS = define(
    "accounts.session_days",
    Whole("days", 1, 365),
    Text("ログイン状態を保つ日数", "Remembered sign-in"),
    Text(
        "「ログイン状態を保存」を選んだ端末でログインが続く日数。",
        "How long a device stays signed in when asked to remember.",
    ),
    rule="A035",
)
SESSION_HOURS = define(
    "accounts.session_hours",
    Whole("hours", 1, 168),
    Text("ログインが続く時間", "Sign-in that is not remembered"),
    Text(
        "「ログイン状態を保存」を選ばない端末でログインが続く時間。",
        "How long a device stays signed in when it was not asked to remember.",
    ),
    rule="A035",
)
PASSWORD_MIN_LENGTH = define(
    "accounts.password_min_length",
    Whole("characters", 8, 64),
    Text("パスワードの長さ", "Length of a password"),
    Text("パスワードの最短の長さ(文字数)。", "The shortest password; there is no low maximum."),
    rule="A027",
)
PASSWORD_MIN_LENGTH_WITH_FACTOR = define(
    "accounts.password_min_length_with_factor",
    Whole("characters", 8, 64),
    Text("二段階認証を使う人のパスワードの長さ", "Length of a password beside a second factor"),
    Text(
        "ログインのたびに二段階認証も行う人の、パスワードの最短の長さ(文字数)。",
        "The shortest password of somebody who is always asked for a second factor as well.",
    ),
    rule="A027",
)
PASSWORD_REMINDER_MONTHS = define(
    "accounts.password_reminder_months",
    Whole("months", 0, 24, zero=Text("知らせない", "never")),
    Text("パスワードの変更をすすめる間隔", "Reminder to change a password"),
    Text(
        "同じパスワードをこの月数使った会員に、変更をすすめるお知らせを出す。変更を強いることはない。0なら出さない。",
        "Members who have had the same password for so many months get a notice; nobody has to change it.",
    ),
    rule="A026",
)
FACTORS_MAX = define(
    "accounts.factors_max",
    Whole("count", 2, 50),
    Text("二段階認証の方法の数", "Second factors of one member"),
    Text(
        "1人が登録できる認証アプリ・パスキー・電話番号を合わせた数。",
        "How many apps, passkeys and telephone numbers one member may register together.",
    ),
    rule="A114",
)
FACTOR_SETUP_MINUTES = define(
    "accounts.factor_setup_minutes",
    Whole("minutes", 5, 1_440),
    Text("二段階認証の設定の期限", "Time to finish adding a second factor"),
    Text(
        "認証アプリや電話番号の登録を、確認コードを入れないまま置いた場合に取り消すまでの時間。",
        "Time after which an app or a telephone number that was not confirmed by a code is dropped.",
    ),
    rule="A114",
)
SENT_CODE_MINUTES = define(
    "accounts.sent_code_minutes",
    Whole("minutes", 2, 10),
    Text("SMSなどで送るコードの期限", "Life of a code that is sent"),
    Text(
        "ログインや本人確認のためにSMSやメールで送ったコードが使える時間。使えるのは1回だけ。",
        "How long a code sent by text message or mail for signing in or for a proof works; it works once.",
    ),
    rule="A114",
)
RECOVERY_CODES = define(
    "accounts.recovery_codes",
    Whole("count", 5, 20),
    Text("回復コードの数", "Recovery codes"),
    Text(
        "一度に作られる回復コードの数。1つずつ、1回だけ使える。",
        "How many are made at a time; each of them works once.",
    ),
    rule="A116",
)
RECOVERY_CODES_LOW = define(
    "accounts.recovery_codes_low",
    Whole("count", 1, 10),
    Text("回復コードの残りが少ないとき", "Few recovery codes left"),
    Text(
        "残りがこの数以下になると、作り直すよう知らせる。",
        "With so many or fewer left, the owner is asked to make new ones.",
    ),
    rule="A116",
)
FACTOR_TRUST_DAYS = define(
    "accounts.factor_trust_days",
    Whole("days", 0, 90, zero=Text("使わない", "not offered")),
    Text("端末を信頼する日数", "Trusted device"),
    Text(
        "「この端末を信頼する」を選んだ端末で、二段階認証を省ける日数。パスワードか二段階認証を変えると、すぐに終わる。",
        "Days for which a device that its owner trusts is not asked for the second factor. It ends at once when the "
        "password or a second factor changes.",
    ),
    rule="A114",
)
RECOVERY_STATEMENT_DAYS = define(
    "accounts.recovery_statement_days",
    Whole("days", 1, 14),
    Text("復旧の説明を送る期限", "Time to tell about a lost factor"),
    Text(
        "二段階認証の復旧を始めてから、確認コードと説明を送るまでの日数。",
        "Days from beginning to recover a second factor until its code and account of it must have come.",
    ),
    rule="P013",
)
RECOVERY_REVIEW_BANK_DAYS = define(
    "accounts.recovery_review_bank_days",
    Whole("bank_days", 1, 10),
    Text("復旧の確認の期限", "Time to look at a recovery"),
    Text(
        "説明が届いてから、運営が確認するまでの営業日数。",
        "Bank days within which staff look at a recovery.",
    ),
    rule="P013",
)
RECOVERY_LAPSE_DAYS = define(
    "accounts.recovery_lapse_days",
    Whole("days", 7, 60),
    Text("復旧が終わるまでの日数", "Life of a recovery"),
    Text(
        "2人の確認がそろわないまま終わるまでの日数。",
        "Days after which a recovery ends that two of staff did not approve.",
    ),
    rule="P013",
)
RECOVERY_COOLING_HOURS = define(
    "accounts.recovery_cooling_hours",
    Whole("hours", 24, 336),
    Text("復旧の確認期間", "Cooling-off of a recovery"),
    Text(
        "2人の承認のあと、二段階認証を外すまで、本人に知らせ続けて待つ時間。",
        "Hours after the second approval in which the owner is told again and again, before the second factors go.",
    ),
    rule="P013",
)
RECOVERY_LAST_NOTICE_HOURS = define(
    "accounts.recovery_last_notice_hours",
    Whole("hours", 1, 12),
    Text("復旧の最後の知らせ", "Last notice of a recovery"),
    Text(
        "確認期間が終わる何時間前に最後の知らせを送るか。",
        "How many hours before the end of the cooling-off the last notice goes out.",
    ),
    rule="P013",
)
RECOVERY_HOLD_HOURS = define(
    "accounts.recovery_hold_hours",
    Whole("hours", 0, 336, zero=Text("なし", "none")),
    Text("復旧のあと振込先を変えられない時間", "Hold after a recovery"),
    Text(
        "二段階認証を復旧したあと、振込先を変えられない時間。",
        "Hours after a recovery for which the bank account stays as it is.",
    ),
    rule="P013",
)
TOKENS_MAX = define(
    "accounts.tokens_max",
    Whole("count", 1, 100),
    Text("APIトークンの数", "API tokens"),
    Text("1人が同時に使えるAPIトークンの数。", "How many API tokens one member may have in use."),
    rule="A035",
)
TOKEN_DAYS = define(
    "accounts.token_days",
    Whole("days", 1, 730),
    Text("APIトークンの有効期間", "Life of an API token"),
    Text(
        "作ってからAPIトークンが使える日数。期限は一覧に出る。",
        "Days for which an API token works; the list shows its end.",
    ),
    rule="A035",
)
SIGN_UP_LAPSE_HOURS = define(
    "accounts.sign_up_lapse_hours",
    Whole("hours", 1, 168),
    Text("会員登録の手続きの期限", "Time to finish signing up"),
    Text(
        "メールアドレスを確認しないまま置いた登録手続きが消えるまでの時間。",
        "Hours after which a sign-up whose address was not proved is forgotten.",
    ),
    rule="A022",
)
SIGN_UP_CODE_MINUTES = define(
    "accounts.sign_up_code_minutes",
    Whole("minutes", 2, 10),
    Text("確認コードの期限", "Life of a sign-up code"),
    Text("メールの確認コードが使える時間。使えるのは1回だけ。", "How long the code in the mail works; it works once."),
    rule="A022",
)
RESET_LINK_MINUTES = define(
    "accounts.reset_link_minutes",
    Whole("minutes", 5, 1_440),
    Text("パスワード再設定のリンクの期限", "Life of a password reset link"),
    Text("送ったリンクが使える時間。使えるのは1回だけ。", "How long the link in the mail works; it works once."),
    rule="A022",
)
RESET_HOLD_HOURS = define(
    "accounts.reset_hold_hours",
    Whole("hours", 0, 720),
    Text("パスワード再設定後に振込先を変えられない時間", "Caution after a new password by mail"),
    Text(
        "メールのリンクでパスワードが再設定されたあと、この時間は振込先の口座を変えられない。0なら止めない。",
        "Hours for which the bank account stays as it is after a password was set through the mail; 0 for none.",
    ),
    rule="A121",
)
HOLD_DAYS = define(
    "accounts.hold_days",
    Whole("days", 1, 90),
    Text("保護措置の長さ", "Length of a protective hold"),
    Text(
        "「これは私ではありません」のあと、出金と振込先の変更を止める最長の日数。本人が解除すれば、その前に終わる。",
        "The most days for which payouts and the bank account are held after “this was not me”; the owner can end it.",
    ),
    rule="A120",
)
SIGN_IN_LINK_MINUTES = define(
    "accounts.sign_in_link_minutes",
    Whole("minutes", 5, 60),
    Text("ログインのリンクの期限", "Life of a sign-in link"),
    Text(
        "メールで送ったログインのリンクが使える時間。使えるのは1回だけ。",
        "How long a link that signs in works; it works once.",
    ),
    rule="A029",
)
SIGN_IN_LINK_FOR = define(
    "accounts.sign_in_link_for",
    Choice(
        {
            "without_password": Text("パスワードのない会員だけ", "members without a password"),
            "everybody": Text("すべての会員", "every member"),
        }
    ),
    Text("メールのリンクでログインできる人", "Who may sign in by a link"),
    Text(
        "メールで届くリンクでログインできる会員。パスワードのない会員は、外部サービスがなくなってもログインできる。",
        "Who may sign in by a link from a mail; members without a password then never depend on another service.",
    ),
    rule="A029",
)
PROVIDER_ENDS = define(
    "accounts.provider_ends",
    ProviderEnds(),
    Text("終わる外部サービスでのログイン", "External sign-ins that end"),
    Text(
        "その日から使えなくなる外部サービスでのログイン。ログイン画面に日付と、代わりの方法を出す。",
        "External sign-ins that stop on a day; the sign-in page names the day and the way on.",
    ),
    rule="A029",
    needs_notice=True,
)
ADDRESSES_MAX = define(
    "accounts.addresses_max",
    Whole("count", 2, 20),
    Text("メールアドレスの数", "E-mail addresses"),
    Text(
        "1つのアカウントに登録できるメールアドレスの数。どれでもログインできる。",
        "How many addresses one account may have; each of them can be used to sign in.",
    ),
    rule="A067",
)
ADDRESS_PROOF_HOURS = define(
    "accounts.address_proof_hours",
    Whole("hours", 1, 168),
    Text("追加するメールアドレスの確認の期限", "Time to prove a further address"),
    Text(
        "追加するメールアドレスに送った確認コードが使える時間。",
        "Hours for which the code sent to a further address works.",
    ),
    rule="A115",
)
ADDRESS_UNDO_HOURS = define(
    "accounts.address_undo_hours",
    Whole("hours", 24, 168),
    Text("お知らせ先の変更を戻せる時間", "Time to take back a change of the main address"),
    Text(
        "お知らせ先を変えてから、いままでのアドレスのリンクで元に戻せる時間。そのあいだ振込先は変えられない。",
        "Hours for which the old main address can take a change back; meanwhile the bank account cannot be changed.",
    ),
    rule="A115",
)
USERNAME_CHANGE_DAYS = define(
    "accounts.username_change_days",
    Whole("days", 0, 730, zero=Text("変えられない(退会して登録し直す)", "never in place: only by leaving")),
    Text("ユーザー名を変えられる間隔", "Time between changes of the username"),
    Text(
        "ユーザー名を変えてから次に変えられるまでの日数。0なら登録したままでは変えられない。",
        "Days between changes of the username; with 0 it cannot be changed in place.",
    ),
    rule="A095",
)
FORMER_USERNAME_DAYS = define(
    "accounts.former_username_days",
    Whole("days", 0, 3_650),
    Text("前のユーザー名を取り置く日数", "How long a former username is kept"),
    Text(
        "変える前のユーザー名を、ほかの人が使えない日数。",
        "Days for which nobody else can take a username that was given up.",
    ),
    rule="A095",
)
DIRECT_DEALING_YEARS = define(
    "enforcement.direct_dealing_years",
    Whole("years", 0, 10),
    Text("直接取引の禁止期間", "Direct dealing rule"),
    Text("退会してからも直接取引の禁止が続く年数。", "Years for which the rule binds members who have left."),
    rule="A089",
    needs_notice=True,
)
DIRECT_DEALING_PENALTY_MINIMUM_YEN = define(
    "enforcement.direct_dealing_penalty_minimum_yen",
    Whole("yen", 0, 10_000_000),
    Text("直接取引の違約金の下限", "Least penalty for direct dealing"),
    Text(
        "違約金は、本来の手数料とこの額の大きい方。0なら手数料と同じ額だけ。",
        "The penalty is the larger of the fee that was avoided and this amount; with 0 it is the fee alone.",
    ),
    rule="A090",
    needs_notice=True,
)
APPEAL_BANK_DAYS = define(
    "enforcement.appeal_bank_days",
    Whole("bank_days", 1, 30),
    Text("異議申立ての回答の期限", "Time to answer an appeal"),
    Text(
        "異議申立てから、別の担当者が理由をつけて答えるまでの営業日数。期日は画面に出る。",
        "Bank days within which another of staff answers an appeal with reasons; the page shows the day.",
    ),
    rule="A127",
    needs_notice=True,
)
APPEAL_LAPSE_FACTOR = define(
    "enforcement.appeal_lapse_factor",
    Whole("count", 2, 10),
    Text("異議申立てが終わるまでの倍率", "How long an appeal stays undecided"),
    Text(
        "回答の期限のこの倍が過ぎても決まらない異議申立ては、そのことを知らせて終わる。",
        "An appeal that nobody decided ends, and says so, after this many times the time to answer it.",
    ),
    rule="A127",
)
APPEAL_LAPSE_LIFTS = define(
    "enforcement.appeal_lapse_lifts",
    Flag(),
    Text("決まらなかった異議申立てで制限を解くか", "An undecided appeal lifts the restriction"),
    Text(
        "運営が決めないまま終わった異議申立ては、申し立てた人に有利に扱い、制限を解除する。",
        "Where the operator does not decide, the restriction is lifted: its silence does not hold against the member.",
    ),
    rule="A127",
    needs_notice=True,
)
REVIEW_BANK_DAYS = define(
    "identity.review_bank_days",
    Whole("bank_days", 1, 30),
    Text("本人確認の審査の期限", "Time to review identity documents"),
    Text("提出から結果までの最長の営業日数。期日は画面に出る。", "The most bank days from submission to the answer."),
    rule="A142",
    needs_notice=True,
)
UPLOAD_MAX_MEGABYTES = define(
    "identity.upload_max_megabytes",
    Whole("megabytes", 1, 50),
    Text("本人確認書類の画像の大きさ", "Size of a document image"),
    Text("1枚の画像の上限。", "The largest image that can be handed in."),
    rule="A146",
)
CORPORATE_CERTIFICATE_MONTHS = define(
    "identity.corporate_certificate_months",
    Whole("months", 1, 24),
    Text("履歴事項全部証明書の新しさ", "Age of a corporate registry certificate"),
    Text("発行から何か月以内のものを受け付けるか。", "The most months since it was issued."),
    rule="A136",
)
RESIDENCE_CERTIFICATE_MONTHS = define(
    "identity.residence_certificate_months",
    Whole("months", 1, 24),
    Text("住民票の新しさ", "Age of a residence certificate"),
    Text("発行から何か月以内のものを受け付けるか。", "The most months since it was issued."),
    rule="A135",
)
OUTSIDE_CONTACT_REVIEW_BANK_DAYS = define(
    "messaging.outside_contact_review_bank_days",
    Whole("bank_days", 1, 30),
    Text("サービス外連絡申請の審査の期限", "Time to review an off-platform request"),
    Text("申請から結果までの最長の営業日数。", "The most bank days from the request to the answer."),
    rule="A157",
    needs_notice=True,
)
OUTSIDE_CONTACT_REQUESTS_MAX = define(
    "messaging.outside_contact_requests_max",
    Whole("count", 1, 20),
    Text("サービス外連絡申請の回数", "Off-platform requests"),
    Text("1つの相談・契約で申請できる回数。", "How often it may be asked for in one consultation or contract."),
    rule="A161",
    needs_notice=True,
)
