"""口座登録: finding bank and branch by name, kana or number, ゆうちょ's own way, and the holder as in the passbook.

It goes in steps that are addresses, so that it works without JavaScript: the bank, its branch, the account.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import registered_name_of
from kotowari.foundation import policy
from kotowari.kernel.bank_accounts import PAYEE_KINDS, AccountKind
from kotowari.kernel.errors import NotVisible, Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.payouts import gates, selectors, services
from kotowari.payouts.banks import YUCHO_BANK_CODE
from kotowari.payouts.destinations import bank_directory, read_account
from kotowari.payouts.reasons import HOLDER_FAULTS, LONGEST
from kotowari.web import current
from kotowari.web.fields import AgreeField, ChoiceField, LongTextField, TextField
from kotowari.web.forms import KotowariForm
from kotowari.web.kept import keep_for_proof, taken_back
from kotowari.web.refusals import told_when
from kotowari.web.screens import redirect, render, screen, tell

FOUND = 20
"""Banks or branches shown for one search."""

HOLDER = Text("口座名義(カナ)", "Holder's name in kana")
HOLDER_HINT = Text(
    "通帳に書かれているとおりに。ひらがな・半角でもかまいません(例: ヤマダ タロウ、カ)ミホンショウジ)。",
    "As in the passbook; hiragana or half-width will do (for example ヤマダ タロウ, カ)ミホンショウジ).",
)


class AccountForm(KotowariForm):
    """An account at a bank that was chosen in the steps before."""

    bank_code = TextField(Text("銀行", "Bank"), widget=forms.HiddenInput, required=False, fold=True)
    branch_code = TextField(Text("支店", "Branch"), widget=forms.HiddenInput, required=False, fold=True)
    account_kind = ChoiceField(
        Text("預金種目", "Kind of account"), choices=[(str(int(kind)), kind.label) for kind in PAYEE_KINDS]
    )
    account_number = TextField(
        Text("口座番号", "Account number"),
        hint=Text("7桁以内の数字。7桁に足りなければ先頭を0で補います。", "Up to 7 digits; zeros are put before."),
        fold=True,
        attrs={"inputmode": "numeric"},
    )
    holder_kana = TextField(HOLDER, hint=HOLDER_HINT)


class YuchoForm(KotowariForm):
    """ゆうちょ銀行 by symbol and number."""

    yucho_symbol = TextField(
        Text("記号", "Symbol"),
        hint=Text("通帳の5桁の数字(例: 10530)。", "Five digits in the passbook, for example 10530."),
        fold=True,
        attrs={"inputmode": "numeric"},
    )
    yucho_number = TextField(
        Text("番号", "Number"),
        hint=Text("通帳の2〜8桁の数字。末尾の1まで。", "Two to eight digits in the passbook, with the last 1."),
        fold=True,
        attrs={"inputmode": "numeric"},
    )
    yucho_is_savings = AgreeField(Text("通常貯蓄貯金です", "It is a savings account (通常貯蓄貯金)"), required=False)
    holder_kana = TextField(HOLDER, hint=HOLDER_HINT)


class ContestForm(KotowariForm):
    """Why the account is one's own although staff did not think so."""

    statement = LongTextField(
        Text("この口座があなたのものである理由", "Why this account is yours"),
        hint=Text("判断した担当者とは別の担当者が読んで決めます。", "Somebody else of staff reads it and decides."),
        max_length=LONGEST,
        rows=4,
    )


@screen(
    "bank_account",
    path="my/bank-account/",
    title=Text("口座登録", "Bank account"),
    actions=[gates.SET_ACCOUNT],
    parent="my",
    methods=["GET", "POST"],
    members_only=True,
)
def bank_account(request: HttpRequest) -> HttpResponse:
    """The account in use, and the steps to another one; what stands in the way is said before anything is typed."""
    me = current.me()
    decision = explain(gates.SET_ACCOUNT, me)
    is_sent = request.method == "POST"
    kept = {} if is_sent else taken_back(request, decision)
    asked = request.POST if is_sent else request.GET.dict() | kept
    is_yucho = asked.get("by") == "symbol"
    form = _form(asked, kept, is_yucho, is_sent=is_sent)
    conversion: Text | None = None
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                details = read_account(**form.cleaned_data)
                if details.conversion is None or "confirmed" in request.POST:
                    return _registered(request, me, form)
                conversion = details.conversion
        except Refused as refused:
            decision = refused.decision
    if conversion is not None:
        return render(request, "bank_account/confirm.html", {"conversion": conversion, "form": form})
    context = _context(me, asked, form, is_yucho) | {"decision": decision}
    if decision.allowed or not is_sent:
        return render(request, "bank_account/edit.html", context, status=form.status)
    context["is_kept"] = keep_for_proof(request, decision, ["by", *form.fields])
    return told_when(render(request, "bank_account/edit.html", context, status=decision.status), decision)


def _form(asked: Mapping[str, str], kept: Mapping[str, str], is_yucho: bool, *, is_sent: bool) -> KotowariForm:
    """What was sent, or an empty form; of an address only bank and branch are taken, lest a link fills in an account."""
    kind = YuchoForm if is_yucho else AccountForm
    if is_sent:
        return kind(asked)
    return kind(initial={**kept, "bank_code": asked.get("bank_code", ""), "branch_code": asked.get("branch_code", "")})


def _registered(request: HttpRequest, me: Member, form: KotowariForm) -> HttpResponse:
    account = services.set_bank_account(actor=me, **form.cleaned_data, idempotency_key=form.key)
    done = Text(
        "{bank} {branch}の口座を登録しました。報酬と返金はこの口座に振り込みます。",
        "Your account at {bank}, {branch} is registered: rewards and refunds are paid there.",
    )
    waits = Text(
        "{bank} {branch}の口座を登録しました。名義の確認が済むまで振り込みません。理由はこの画面にあります。",
        "Your account at {bank}, {branch} is registered. Nothing is paid there before its holder is confirmed: see why below.",
    )
    words = waits if account.fault else done
    tell(request, words.format(bank=account.bank_name, branch=account.branch_name), "wait" if account.fault else "done")
    return redirect("bank_account")


@screen(
    "bank_account.contest",
    path="my/bank-account/contest/<uuid:review_id>/",
    title=Text("名義の判断に異議を申し立てる", "Contest the decision about the holder"),
    actions=[gates.CONTEST_HOLDER],
    parent="bank_account",
    methods=["POST"],
    members_only=True,
)
def contest(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Say why the account is mine; somebody else of staff decides."""
    me = current.me()
    row = selectors.holder_reviews_visible_to(me).filter(account__member_id=me.pk, pk=review_id).first()
    if row is None:
        raise NotVisible("payouts.holderreview", review_id)
    form = ContestForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.contest_holder(actor=me, review_id=row.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(
                request,
                Text(
                    "異議を受け付けました。結果をお知らせします。", "Your words are with us; we tell you the outcome."
                ),
            )
            return redirect("bank_account")
    context = _context(me, request.GET, AccountForm(), is_yucho=False)
    context |= {"contest_form": form, "decision": explain(gates.SET_ACCOUNT, me)}
    return render(request, "bank_account/edit.html", context, status=form.status)


def _chain(me: Member) -> dict[str, Any]:
    """Name, account, payout: how far the way to being paid is gone (K-13, K-15)."""
    account = selectors.bank_account_of(me.pk)
    review = selectors.holder_review_of(account) if account else None
    return {
        "account": account,
        "has_name": registered_name_of(me.pk) is not None,
        "needs_name": policy.value("payouts.account_needs") == "name",
        "can_be_paid": explain(gates.BE_PAID, me),
        "review": review,
        "is_about_name": account is not None and account.fault_code in HOLDER_FAULTS,
        "can_contest": explain(gates.CONTEST_HOLDER, me, review) if review and review.state == "refused" else None,
        "contest_form": ContestForm(),
    }


def _context(me: Member, asked: Mapping[str, str], form: KotowariForm, is_yucho: bool) -> dict[str, object]:
    chain = _chain(me)
    account = chain["account"]
    banks = bank_directory()
    bank = banks.bank(asked.get("bank_code", "").strip())
    branch = banks.branch(bank.code, asked.get("branch_code", "").strip()) if bank else None
    bank_words, branch_words = asked.get("bank", "").strip()[:50], asked.get("branch", "").strip()[:50]
    return {
        **chain,
        "kind": AccountKind(account.account_kind).label if account else None,
        "form": form,
        "is_kept": False,
        "is_yucho": is_yucho,
        "step": "account" if is_yucho or branch else "branch" if bank else "bank",
        "bank": bank,
        "branch": branch,
        "bank_words": bank_words,
        "branch_words": branch_words,
        "banks": banks.search_banks(bank_words, limit=FOUND) if bank_words and not bank else [],
        "branches": banks.search_branches(bank.code, branch_words, limit=FOUND) if bank and branch_words else [],
        "yucho_code": YUCHO_BANK_CODE,
        "updated_on": banks.updated_on,
    }
