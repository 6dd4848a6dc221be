"""What can be done with papers, and every reason why not. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kotowari.accounts.gates.oneself import signed_in
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text

Role = Literal["issuer", "recipient", "staff", "system", "other"]
TO_PAPERS = Remedy(Text("書類の一覧を開く", "Open your papers"), "/my/papers/")
TO_CONTACT = Remedy(Text("お問い合わせ", "Contact us"), "/contact/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """Who wants to see their papers, or to say under which number they issue invoices."""

    signed_in: bool
    is_staff: bool = False
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """A paper and who asks. `newer` is the number and address of the one that replaced it, if any.

    `would_differ` says whether issuing it again today would change anything that it says.
    """

    role: Role
    newer: tuple[str, str] | None = None
    operator_named: bool = True
    is_of_operator: bool = False
    would_differ: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFacts:
    """A paper that a deal will have: whether what it tells of has happened, and when time itself makes it happen.

    `waits_for` is the kind's own sentence ("納品されると発行されます"); `ended` that the deal closed without it.
    """

    waits_for: Text
    happened: bool
    issued: bool
    ended: bool = False
    clears_at: datetime | None = None
    waits_on: Literal["you", "counterparty", "operator", "time"] = "counterparty"
    contract_url: str = "/contracts/"
    operator_named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """Who makes papers: the market itself, or staff who look."""

    role: Role


def takes_part(facts: OwnFacts) -> Blocker | None:
    """Staff run the market and invoice nobody in it."""
    if not facts.is_staff:
        return None
    return Blocker(
        code="is_staff",
        reason=Text(
            "運営のアカウントは仕事を受けないため、登録番号を届けることもありません。運営自身の番号は設定で与えます。",
            "Staff accounts take no work and have no number here; the operator's own is set in the configuration.",
        ),
        rule="P001",
        resolved_by="you",
        remedy=Remedy(Text("会員として別に登録する", "Sign up as a member"), "/signup/"),
        status=403,
    )


def still_member(facts: OwnFacts) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="has_left",
        reason=Text("このアカウントは退会済みです。", "This account has left the market."),
        rule="A091",
        resolved_by="you",
        facts={"left_at": facts.left_at},
        remedy=TO_CONTACT,
        status=403,
    )


def own_paper(facts: PaperFacts) -> Blocker | None:
    if facts.role != "other":
        return None
    return Blocker(
        code="not_yours",
        reason=Text("この書類は表示できません。", "This paper cannot be shown."),
        rule="P012",
        resolved_by="you",
        remedy=TO_PAPERS,
        status=404,
    )


def issuer_or_operator(facts: PaperFacts) -> Blocker | None:
    """A paper is corrected by whoever issued it; the operator issues its own and hands over everybody's."""
    if facts.role != "recipient":
        return None
    return Blocker(
        code="not_the_issuer",
        reason=Text(
            "書類を出し直せるのは、発行者か運営だけです。受け取った書類の誤りは、発行者か運営に伝えてください。",
            "Only its issuer or the operator can issue it again: tell them what is wrong with it.",
        ),
        rule="P001",
        resolved_by="counterparty",
        remedy=TO_CONTACT,
        status=403,
    )


def not_replaced(facts: PaperFacts) -> Blocker | None:
    if facts.newer is None:
        return None
    number, url = facts.newer
    return Blocker(
        code="is_replaced",
        reason=Text(
            "この書類は{number}に置き換えられています。出し直すなら、新しいほうからです。",
            "It was replaced by {number}; correct that one instead.",
        ).format(number=number),
        rule="P015",
        resolved_by="you",
        facts={"replaced_by": number},
        remedy=Remedy(Text("新しい書類を開く", "Open the newer paper"), url),
    )


def something_to_correct(facts: PaperFacts) -> Blocker | None:
    """The same words under another number would only make two papers of one."""
    if facts.would_differ or facts.newer is not None:
        return None
    return Blocker(
        code="nothing_to_correct",
        reason=Text(
            "いま出し直しても、書かれることは変わりません。名前や登録番号の誤りは、先に設定で直してください。",
            "Issued again it would say the same. If a name or number is wrong, put it right in the settings first.",
        ),
        rule="P015",
        resolved_by="you",
        remedy=Remedy(Text("登録番号を確かめる", "Check the registration number"), "/my/papers/registration/"),
    )


def operator_is_named(facts: PaperFacts | ExpectedFacts) -> Blocker | None:
    """The operator's own papers cannot come while nobody has said what the operator is called."""
    if facts.operator_named or (isinstance(facts, PaperFacts) and not facts.is_of_operator):
        return None
    return Blocker(
        code="operator_not_named",
        reason=Text(
            "運営者の名前がまだ設定されていないため、運営が出す書類を発行できません。設定されると、さかのぼって発行されます。",
            "The operator's name is not set, so papers of the operator cannot come. Once it is, they are all issued.",
        ),
        rule="P015",
        resolved_by="operator",
        remedy=TO_CONTACT,
    )


def has_happened(facts: ExpectedFacts) -> Blocker | None:
    if facts.happened or facts.issued:
        return None
    if facts.ended:
        return Blocker(
            code="will_not_come",
            reason=Text(
                "その前に終わったため、この書類は発行されません。", "It ended before that, so this paper will not come."
            ),
            rule="P015",
            resolved_by="time",
            remedy=Remedy(Text("契約を見る", "See the contract"), facts.contract_url),
        )
    return Blocker(
        code="not_yet",
        reason=Text("まだ発行されていません。{waits}。", "Not issued yet. {waits}.").format(waits=facts.waits_for),
        rule="P015",
        resolved_by=facts.waits_on,
        remedy=Remedy(Text("契約を見る", "See the contract"), facts.contract_url),
        clears_at=facts.clears_at,
    )


def is_made(facts: ExpectedFacts) -> Blocker | None:
    if facts.issued or not facts.happened or not facts.operator_named:
        return None
    return Blocker(
        code="being_made",
        reason=Text(
            "発行しています。ふつうは数秒、遅くとも1時間ほどで開けるようになります。",
            "It is being issued: usually within seconds, at the latest in about an hour.",
        ),
        rule="P015",
        resolved_by="time",
        remedy=Remedy(Text("もう一度確かめる", "Look again"), facts.contract_url),
    )


def made_by_the_market(facts: OperatorFacts) -> Blocker | None:
    if facts.role == "system":
        return None
    return Blocker(
        code="not_your_step",
        reason=Text(
            "書類は、できごとに応じて自動で発行されます。", "Papers are issued by themselves, by what happened."
        ),
        rule="P001",
        resolved_by="operator",
        remedy=TO_PAPERS,
        status=403,
    )


def staff_only(facts: OperatorFacts) -> Blocker | None:
    if facts.role == "staff":
        return None
    return Blocker(
        code="not_staff",
        reason=Text(
            "ほかの会員の書類を探せるのは、運営の担当者だけです。",
            "Only the operator's staff can search other members' papers.",
        ),
        rule="P008",
        resolved_by="operator",
        remedy=TO_PAPERS,
        status=403,
    )


LIST = Action(
    "papers.list",
    Text("書類を探す", "Search your papers"),
    Text("書類を探せません", "Papers cannot be searched"),
    rules=(signed_in,),
)
SEE = Action(
    "papers.see",
    Text("書類を見る", "See the paper"),
    Text("この書類は表示できません", "This paper cannot be shown"),
    subject="papers.paper",
    rules=(own_paper,),
)
OPEN_EXPECTED = Action(
    "papers.expected.open",
    Text("書類を開く", "Open the paper"),
    Text("この書類はまだありません", "There is no such paper yet"),
    subject="papers.expected",
    rules=(has_happened, operator_is_named, is_made),
)
ISSUE = Action(
    "papers.issue",
    Text("書類を発行する", "Issue papers"),
    Text("書類を発行できません", "Papers cannot be issued"),
    rules=(made_by_the_market,),
)
CORRECT = Action(
    "papers.correct",
    Text("書類を出し直す", "Issue it again"),
    Text("書類を出し直せません", "It cannot be issued again"),
    subject="papers.paper",
    rules=(own_paper, issuer_or_operator, not_replaced, something_to_correct, operator_is_named),
)
REGISTER = Action(
    "papers.registration.set",
    Text("登録番号を届ける", "Tell your registration number"),
    Text("登録番号を届けられません", "The registration number cannot be told"),
    rules=(signed_in, takes_part, still_member),
)
LOOK = Action(
    "papers.look",
    Text("会員の書類を調べる", "Search a member's papers"),
    Text("会員の書類は調べられません", "A member's papers cannot be searched"),
    subject="accounts.member",
    rules=(staff_only,),
)
