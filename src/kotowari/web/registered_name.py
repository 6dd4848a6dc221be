"""本名・法人名: what the holder of the bank account is compared with, and what will be verified (A151, A153)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, selectors, services
from kotowari.accounts.models import Member
from kotowari.accounts.registered_names import FIRST, NAME_MAX, REASONS
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.fields import ChoiceField, TextField
from kotowari.web.forms import KotowariForm
from kotowari.web.kept import keep_for_proof, taken_back
from kotowari.web.screens import redirect, render, screen, tell

SHOWN = 10
KANA_HINT = Text(
    "ひらがな・半角でもかまいません。口座の名義と照らし合わせます。",
    "Hiragana or half-width will do. The holder of your bank account is compared with it.",
)


class NameForm(KotowariForm):
    """The keywords of `register_name`; a company has no trade name, and a first name needs no reason."""

    name = TextField(Text("氏名", "Name"), max_length=NAME_MAX, autocomplete="name")
    kana = TextField(Text("氏名(カナ)", "Name in kana"), hint=KANA_HINT, max_length=NAME_MAX)
    trade_name = TextField(
        Text("屋号", "Trade name"),
        hint=Text(
            "屋号のついた口座で受け取る個人事業主の方だけ。",
            "Only for sole traders whose bank account carries a trade name.",
        ),
        max_length=NAME_MAX,
        required=False,
        autocomplete="organization",
    )
    trade_kana = TextField(
        Text("屋号(カナ)", "Trade name in kana"), hint=KANA_HINT, max_length=NAME_MAX, required=False
    )
    reason = ChoiceField(
        Text("変える理由", "Why it changes"),
        choices=[(code, words) for code, words in REASONS.items() if code != FIRST],
    )

    def suit(self, *, is_company: bool, is_first: bool) -> "NameForm":
        """Ask what this member is to be asked."""
        if is_company:
            del self.fields["trade_name"], self.fields["trade_kana"]
            self.fields["name"].label = Text("法人名", "Name of the company")  # type: ignore[assignment]
            self.fields["kana"].label = Text("法人名(カナ)", "Name in kana")  # type: ignore[assignment]
            self.fields["name"].widget.attrs["autocomplete"] = "organization"
        if is_first:
            del self.fields["reason"]
        return self


@screen(
    "my_name",
    path="my/name/",
    title=Text("本名・法人名", "Your real name"),
    actions=[gates.REGISTER_NAME],
    parent="my_settings",
    methods=["GET", "POST"],
    members_only=True,
)
@never_cache
def registered_name(request: HttpRequest) -> HttpResponse:
    """The name in force with the earlier ones, and another one in its place."""
    me = current.me()
    told = selectors.name_history_of(me.pk, SHOWN)
    decision = explain(gates.REGISTER_NAME, me)
    is_sent = request.method == "POST"
    typed = request.POST if is_sent else None
    initial = _initial(told) | ({} if is_sent else taken_back(request, decision))
    form = NameForm(typed, initial=initial).suit(is_company=me.kind == Member.Kind.COMPANY, is_first=not told)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                services.register_name(actor=me, idempotency_key=form.key, **form.cleaned_data)
                tell(request, Text("お名前を登録しました。", "Your name is registered."))
                return redirect("my_name")
        except Refused as refused:
            decision = refused.decision
    context = {
        "form": form,
        "decision": decision,
        "told": [(row, REASONS[row.reason]) for row in told],
        "is_company": me.kind == Member.Kind.COMPANY,
        "is_kept": is_sent and not decision.allowed and keep_for_proof(request, decision, form.fields),
    }
    status = form.status if decision.allowed or not is_sent else decision.status
    return render(request, "account/name.html", context, status=status)


def _initial(told: list[Any]) -> dict[str, str]:
    return {n: getattr(told[0], n) or "" for n in ("name", "kana", "trade_name", "trade_kana")} if told else {}
