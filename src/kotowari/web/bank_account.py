"""口座登録: finding bank and branch by name, kana or number, ゆうちょ's own way, and the holder as in the passbook.

It goes in steps that are addresses, so that it works without JavaScript: the bank, its branch, the account.
"""

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict

from kotowari.accounts.models import Member
from kotowari.kernel.bank_accounts import PAYEE_KINDS, AccountKind
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.payouts import gates, selectors, services
from kotowari.payouts.banks import YUCHO_BANK_CODE
from kotowari.payouts.destinations import bank_directory, read_account
from kotowari.web import current
from kotowari.web.fields import AgreeField, ChoiceField, TextField
from kotowari.web.forms import KotowariForm
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
    """The account in use, and the steps to another one."""
    me = current.member_of(request)
    assert me is not None
    asked = request.POST if request.method == "POST" else request.GET
    is_yucho = asked.get("by") == "symbol"
    form: KotowariForm = _form(asked, is_yucho, bound=request.method == "POST")
    conversion: Text | None = None
    if form.is_bound and form.is_valid():
        with form.merging():
            details = read_account(**form.cleaned_data)
            if details.conversion is None or "confirmed" in request.POST:
                return _registered(request, me, form)
            conversion = details.conversion
    if conversion is not None:
        return render(request, "bank_account/confirm.html", {"conversion": conversion, "form": form})
    return render(request, "bank_account/edit.html", _context(me, asked, form, is_yucho), status=form.status)


def _form(asked: QueryDict, is_yucho: bool, *, bound: bool) -> KotowariForm:
    kind = YuchoForm if is_yucho else AccountForm
    if bound:
        return kind(asked)
    return kind(initial={"bank_code": asked.get("bank_code", ""), "branch_code": asked.get("branch_code", "")})


def _registered(request: HttpRequest, me: Member, form: KotowariForm) -> HttpResponse:
    account = services.set_bank_account(actor=me, **form.cleaned_data, idempotency_key=form.key)
    tell(
        request,
        Text(
            "{bank} {branch}の口座を登録しました。報酬と返金はこの口座に振り込みます。",
            "Your account at {bank}, {branch} is registered: rewards and refunds are paid there.",
        ).format(bank=account.bank_name, branch=account.branch_name),
    )
    return redirect("bank_account")


def _context(me: Member, asked: QueryDict, form: KotowariForm, is_yucho: bool) -> dict[str, object]:
    account = selectors.bank_account_of(me.pk)
    banks = bank_directory()
    bank = banks.bank(asked.get("bank_code", "").strip())
    branch = banks.branch(bank.code, asked.get("branch_code", "").strip()) if bank else None
    bank_words, branch_words = asked.get("bank", "").strip()[:50], asked.get("branch", "").strip()[:50]
    return {
        "account": account,
        "kind": AccountKind(account.account_kind).label if account else None,
        "decision": explain(gates.SET_ACCOUNT, me),
        "form": form,
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
