"""プライバシー設定: what others see of me, said as it is at this moment."""

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.gates import SEE_OWN
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.market import gates, selectors, services
from kotowari.market.menus import PRIVACY_ITEMS
from kotowari.web import current
from kotowari.web.fields import AgreeField, ManyChoicesField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, screen, tell


class PrivacyForm(KotowariForm):
    """One switch for when I was last here, and a box for each piece that others may see."""

    hides_last_login = AgreeField(Text("ログイン時間を表示しない", "Do not show when I was last here"), required=False)
    shown = ManyChoicesField(
        Text("ほかの人に公開する項目", "What others may see"),
        choices=list(PRIVACY_ITEMS.items()),
        required=False,
        hint=Text(
            "チェックを外した項目は、あなた以外には表示されず、検索にもかかりません。",
            "What is not ticked nobody else sees, and no search finds.",
        ),
    )


@screen(
    "my_settings_privacy",
    path="my/settings/privacy/",
    title=Text("プライバシー設定", "Privacy"),
    actions=[gates.EDIT_PROFILE, SEE_OWN],
    methods=["GET", "POST"],
    parent="my_settings",
    members_only=True,
)
def privacy(request: HttpRequest) -> HttpResponse:
    """The choices, each with what it means now; they stay until chosen anew."""
    me = current.me()
    row = selectors.profile_of(me)
    initial = {
        "hides_last_login": not row.shows_last_login,
        "shown": [item for item in PRIVACY_ITEMS if item not in row.hidden],
    }
    form = PrivacyForm(request.POST) if request.method == "POST" else PrivacyForm(initial=initial)
    if form.is_bound and form.is_valid():
        with form.merging():
            services.set_privacy(actor=me, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("プライバシー設定を保存しました。", "Your privacy settings are saved."))
            return redirect("my_settings_privacy")
    return render(
        request,
        "account/privacy.html",
        {
            "form": form,
            "me": me,
            "seen": selectors.public_profile(me),
            "decision": explain(gates.EDIT_PROFILE, me),
        },
        status=form.status,
    )
