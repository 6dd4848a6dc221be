"""What members and staff are told about quick payouts and about the time limits of rewards."""

from kotowari.foundation.outbox import on
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payouts import events
from kotowari.payouts.gates.members import day_in_words
from kotowari.payouts.notices import CONSOLE, TO_ACCOUNT, TO_REWARDS, tell, tell_staff

TO_QUICK = "/my/rewards/#quick"
TO_EXPIRED = "/my/rewards/#expired"

OUTCOMES = {
    "paid_out": Text(
        "期限が過ぎると、額にかかわらず登録口座へ自動で振り込みます。何もしなくてもなくなりません。",
        "After that it is paid to your account by itself, whatever the amount. Nothing is lost if you do nothing.",
    ),
    "dormant": Text(
        "期限が過ぎると、口座が登録されるまで期限なくお預かりします。口座を登録すると、そのままお支払いできます。",
        "After that it is kept for you without a limit until there is a bank account. Register one and it is paid.",
    ),
    "forfeited": Text(
        "期限が過ぎると、この市場の規則により失効して受け取れなくなります。期限までに出金してください。",
        "After that the rules of this market forfeit it. Have it paid out before.",
    ),
}


@on(events.QuickPayoutRequested)
def quick_requested(e: events.QuickPayoutRequested) -> None:
    tell(
        e.member_id,
        "quick_requested",
        Text("クイック出金{net}を受け付けました", "Your quick payout of {net} is on its way"),
        Text(
            "報酬{gross}から手数料{fee}を引いた{net}を、{pays_on}に振り込む予定です。おそくとも{promised_on}までに届きます。"
            "間に合わないときは、こちらからお知らせします。",
            "Of your reward of {gross}, less fees of {fee}, {net} is planned for {pays_on} and arrives by {promised_on} "
            "at the latest. Should it not, we tell you.",
        ),
        TO_REWARDS,
        gross=yen(e.gross_yen),
        fee=yen(e.fee_yen),
        net=yen(e.net_yen),
        pays_on=day_in_words(e.pays_on),
        promised_on=day_in_words(e.promised_on),
    )


@on(events.QuickPayoutLate)
def quick_late(e: events.QuickPayoutLate) -> None:
    values = {
        "net": yen(e.net_yen),
        "promised_on": day_in_words(e.promised_on),
        "pays_on": day_in_words(e.pays_on),
    }
    tell(
        e.member_id,
        "quick_late",
        Text("クイック出金{net}が遅れます", "Your quick payout of {net} is late"),
        Text(
            "{promised_on}までにお届けする約束でしたが、間に合いません。いまの見込みは{pays_on}です。申し訳ありません。"
            "担当者にも知らせました。お金は振込の手続き中で、なくなることはありません。",
            "It was promised by {promised_on} and will not make it: {pays_on} is the day we expect now. We are sorry. "
            "The operator's staff were told. The money is on its way and not lost.",
        ),
        TO_REWARDS,
        **values,
    )
    tell_staff(
        "quick_late_staff",
        Text("約束の日に間に合わないクイック出金があります", "A quick payout misses its promised day"),
        Text(
            "{promised_on}までの約束の{net}を、すぐに銀行へ渡してください。いまの見込みは{pays_on}です。本人には知らせました。",
            "{net}, promised by {promised_on}: hand it to the bank at once. {pays_on} is expected now. Its owner was told.",
        ),
        f"{CONSOLE}?show=quick",
        **values,
    )


@on(events.PaidAtLimit)
def paid_at_limit(e: events.PaidAtLimit) -> None:
    tell(
        e.member_id,
        "paid_at_limit",
        Text("出金期限の来た{net}を{day}に振り込みます", "{net} is paid on {day} since its time limit came"),
        Text(
            "{expired_on}に出金期限が来た報酬{gross}を、額や出金方法にかかわらず登録口座へ振り込みます(手数料{fee})。",
            "The time limit of your reward of {gross} was {expired_on}; it goes to your account whatever its size and "
            "your method (fee {fee}).",
        ),
        TO_REWARDS,
        net=yen(e.net_yen),
        gross=yen(e.gross_yen),
        fee=yen(e.fee_yen),
        day=day_in_words(e.pays_on),
        expired_on=day_in_words(e.expired_on),
    )


@on(events.LimitNear)
def limit_near(e: events.LimitNear) -> None:
    more = Text("", "")
    url = TO_REWARDS
    if e.proposes_quick:
        more = Text(
            "いまの残高は次の締めでは支払われませんが、クイック出金なら今すぐ申請できます。",
            "No closing to come would pay your balance as it is, but you can ask for a quick payout now.",
        )
        url = TO_QUICK
    elif not e.has_account:
        url = TO_ACCOUNT
    tell(
        e.member_id,
        "limit_near",
        Text("報酬{amount}の出金期限まであと{days}日です", "{days} day(s) until the time limit of {amount}"),
        Text(
            "報酬{rewards}件、合計{amount}の出金期限が近づいています(もっとも早いものは{last_on})。{outcome}{more}",
            "The time limit of {rewards} reward(s), {amount} in all, comes near (the first on {last_on}). {outcome} "
            "{more}",
        ),
        url,
        amount=yen(e.amount_yen),
        rewards=e.rewards,
        days=e.days_left,
        last_on=day_in_words(e.last_on),
        outcome=OUTCOMES[e.outcome],
        more=more,
    )


@on(events.RewardExpired)
def reward_expired(e: events.RewardExpired) -> None:
    if e.state == "dormant":
        title = Text("出金期限の来た報酬{amount}をお預かりしています", "{amount} is kept for you since its time limit")
        body = Text(
            "{expired_on}に出金期限が来ましたが、振り込む先の口座がないため、期限なくお預かりします。"
            "口座を登録すると残高に戻り、額にかかわらず自動でお支払いします。",
            "Its time limit was {expired_on} and there is no account to pay it to, so it is kept without a limit. "
            "Register one and it is available again and paid by itself, whatever the amount.",
        )
        url = TO_ACCOUNT
    else:
        title = Text("出金期限が過ぎ、報酬{amount}が失効しました", "{amount} was forfeited at its time limit")
        body = Text(
            "{expired_on}までに出金されなかったため、この市場の規則(報酬の出金期限)により失効しました。"
            "誤りと思われるときや事情があるときは、お問い合わせください。担当者が理由を記録して取り消せます。",
            "It was not paid out by {expired_on}, and the rules of this market (time limit of rewards) forfeit it. If "
            "you think this is wrong, contact us: staff can take it back.",
        )
        url = "/contact/"
    tell(
        e.member_id,
        f"reward_{e.state}",
        title,
        body,
        url,
        amount=yen(e.amount_yen),
        expired_on=day_in_words(e.expired_on),
    )


@on(events.RewardRevived)
def reward_revived(e: events.RewardRevived) -> None:
    tell(
        e.member_id,
        "reward_revived",
        Text("お預かりしていた{amount}が残高に戻りました", "{amount} that was kept is available again"),
        Text(
            "次の日の手続きで、額にかかわらず登録口座へ振り込みます。すぐに必要なときはクイック出金もできます。",
            "Tomorrow's round pays it to your account, whatever the amount. If you need it at once, ask for a quick payout.",
        ),
        TO_REWARDS,
        amount=yen(e.amount_yen),
    )


@on(events.RewardRestored)
def reward_restored(e: events.RewardRestored) -> None:
    tell(
        e.member_id,
        "reward_restored",
        Text("失効した報酬{amount}を残高に戻しました", "{amount} that was forfeited is yours again"),
        Text(
            "理由:{reason}。出金期限は、今日から数え直します。",
            "Reason: {reason}. Its time limit is counted anew from today.",
        ),
        TO_EXPIRED,
        amount=yen(e.amount_yen),
        reason=Text(e.reason, e.reason),
    )
