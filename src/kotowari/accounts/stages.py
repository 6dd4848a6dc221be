"""The step between being recognised and being signed in: where allauth asks for our second factor."""

from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kotowari.accounts import second_factor
from kotowari.accounts.callers import caller_of

_SHOWN = "_second_factor_shown"


class SecondFactorStage(LoginStage):  # type: ignore[misc]  # allauth has no types
    """Leads whoever has a second factor to its page, whichever way they came; others pass."""

    key = "second_factor"
    urlname = "account_second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Go on, or ask first; what was shown is handed to the gate in this very request."""
        from kotowari.accounts.adapter import way_of  # the adapter names this stage

        shown = second_factor.shown_already(
            self.login.user, way=way_of(self.request, self.login.user), caller=caller_of(self.request)
        )
        if shown is None:
            return HttpResponseRedirect(reverse(self.urlname)), True
        setattr(self.request, _SHOWN, shown)
        return None, True

    def passed(self, kind: str) -> HttpResponse:
        """Go on signing in with the second factor that was just taken. Raises `Refused` as the gate does."""
        setattr(self.request, _SHOWN, kind)
        response: HttpResponse = self.exit()
        return response


def waiting(request: HttpRequest) -> SecondFactorStage | None:
    """The sign-in of this session that waits for its second factor, if there is one."""
    stage: SecondFactorStage | None = LoginStageController.enter(request, SecondFactorStage.key)
    return stage


def shown_in(request: HttpRequest) -> str:
    """Which second factor was shown in this request, or was not needed; "" for none."""
    return str(getattr(request, _SHOWN, ""))
