"""Being locked out while a clock of a contract runs: for workers and for clients."""

from datetime import date

from kotowari.kernel.text import Text
from kotowari.support.faq import Article, Part, Way

_RESET = Way("/password/reset/", Text("パスワードを再設定する", "Set a new password"))
_FACTS_BY_MAIL = Way(
    "/help/cannot-log-in/",
    Text(
        "アカウントの状態と次の一歩を、登録アドレスに送る", "Have your account's facts sent to the registered address"
    ),
)
_GET_IN = Part(
    title=Text("まず、入り直す", "First, get back in"),
    words=(
        Text(
            "多くの場合、再設定がいちばん早い方法です。登録アドレスに届くリンクから、数分で入れます。"
            "ロックも、再設定するとすぐに解けます。",
            "Mostly a new password is the quickest way: with the link that comes by mail you are in within minutes, and "
            "a lock is gone as well.",
        ),
    ),
    ways=(_RESET, _FACTS_BY_MAIL),
)
_ASK = Part(
    title=Text("入れないまま期限が迫っているとき", "If you cannot get in and time is short"),
    words=(
        Text(
            "お問い合わせの用件で「ログインできない」を選び、契約の名前と期限を書いてください。急ぎの件として先に扱います。"
            "期限は、お知らせのメールにも書いてあります。",
            "Contact us with “I cannot sign in” and write the contract's name and its deadline: it is handled first. The "
            "deadline also stands in the mails we sent.",
        ),
        Text(
            "こちらの不具合で入れなかったあいだに期限が過ぎることのないようにします。不具合が出ているときは、"
            "画面の記録番号や時刻を添えてください。",
            "No deadline is to run out because of a fault of ours. If there was one, add the record number or the time.",
        ),
    ),
)

WORKER_LOCKED_OUT = Article(
    slug="worker-deadline-locked-out",
    audience="worker",
    group="deadlines",
    title=Text("ログインできないまま、納品の期限が近い", "Locked out with a delivery due"),
    lead=Text(
        "ログインできないことでは、契約の期限は延びません。先に入り直し、間に合わないときはお早めにお問い合わせください。",
        "Being locked out does not move the deadlines of a contract. Get back in first, and tell us early if it gets tight.",
    ),
    parts=(
        _GET_IN,
        Part(
            title=Text("期限が過ぎると何が起きるか", "What happens at the deadline"),
            points=(
                Text(
                    "納品: 納期のあと{grace}の猶予があり、それまでに納品がないと仮払いは返金されます。",
                    "Delivery: {grace} of grace after the due day; without a delivery the escrow is then refunded.",
                ),
                Text(
                    "修正依頼: {changes}以内に再納品がないと返金されます。",
                    "A change request: delivered again within {changes}, or the escrow is refunded.",
                ),
                Text(
                    "確定した報酬は、ログインできないあいだも失われません。",
                    "Rewards that are fixed stay yours while you cannot sign in.",
                ),
            ),
        ),
        _ASK,
    ),
    keywords=Text(
        "締め切り 納期 間に合わない 遅れる ログインできない 修正依頼", "deadline delivery due late locked out refund"
    ),
    related=("sign-in-trouble", "account-locked", "about-contact"),
    topics=("cannot_sign_in", "contract"),
    codes=("contracts.milestone.deliver", "contracts.deliver"),
    numbers={"grace": "contracts.delivery_grace_days", "changes": "contracts.change_response_days"},
    checked_on=date(2026, 11, 21),
)

CLIENT_LOCKED_OUT = Article(
    slug="client-deadline-locked-out",
    audience="client",
    group="deadlines",
    title=Text("ログインできないまま、検収や仮払いの期限が近い", "Locked out with an answer or a payment due"),
    lead=Text(
        "ログインできないことでは、契約の期限は延びません。先に入り直し、間に合わないときはお早めにお問い合わせください。",
        "Being locked out does not move the deadlines of a contract. Get back in first, and tell us early if it gets tight.",
    ),
    parts=(
        _GET_IN,
        Part(
            title=Text("期限が過ぎると何が起きるか", "What happens at the deadline"),
            points=(
                Text(
                    "検収: 契約で決めた検収期間(標準は{acceptance})のうちに検収も修正依頼もないと、自動で検収され、"
                    "報酬が確定します。",
                    "Acceptance: with no answer within the period of the contract (usually {acceptance}) the delivery is "
                    "accepted by itself and the reward is fixed.",
                ),
                Text(
                    "仮払い: {funding}以内に入金がないと、その契約の部分は取りやめになります。振込先の口座と振込番号を"
                    "控えてあれば、ログインできなくても振り込めます。",
                    "Escrow: without money within {funding} that part of the contract is cancelled. If you noted account "
                    "and reference, the transfer itself needs no sign-in.",
                ),
                Text(
                    "メッセージやメールでは、検収の期限は止まりません。止めるのは、契約のページの修正依頼だけです。",
                    "Messages and mails do not stop the acceptance clock; only a change request on the contract's page does.",
                ),
            ),
        ),
        _ASK,
    ),
    keywords=Text(
        "締め切り 自動検収 みなし検収 支払い 間に合わない 仮払い ログインできない",
        "deadline acceptance automatic escrow funding late locked out",
    ),
    related=("sign-in-trouble", "account-locked", "about-contact"),
    topics=("cannot_sign_in", "contract"),
    codes=("contracts.milestone.accept", "contracts.milestone.fund"),
    numbers={"acceptance": "contracts.acceptance_days", "funding": "contracts.funding_deadline_days"},
    checked_on=date(2026, 11, 21),
)
