"""The step between being recognised and being signed in: where allauth asks for our second factor."""

from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from kotowari.accounts import second_factor
from kotowari.accounts.callers import caller_of
from kotowari.accounts.models import Member

_SHOWN, _PASSWORD = "_second_factor_shown", "password"


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
            self.state[_PASSWORD] = _password_of(self.login.user)
            return HttpResponseRedirect(reverse(self.urlname)), True
        setattr(self.request, _SHOWN, shown)
        return None, True

    def passed(self, kind: str) -> HttpResponse:
        """Go on signing in with the second factor that was just taken. Raises `Refused` as the gate does."""
        setattr(self.request, _SHOWN, kind)
        response: HttpResponse = self.exit()
        return response


def waiting(request: HttpRequest) -> SecondFactorStage | None:
    """The sign-in of this session that waits for its second factor, if there is one.

    One that was begun before the password changed waits for nothing any more: it may have been somebody else's.
    """
    stage: SecondFactorStage | None = LoginStageController.enter(request, SecondFactorStage.key)
    if stage is None:
        return None
    return stage if constant_time_compare(stage.state.get(_PASSWORD, ""), _password_of(stage.login.user)) else None


def _password_of(member: Member) -> str:
    """What stands for the password of today; another one, or voiding it, changes it."""
    return f"{member.get_session_auth_hash()} {member.password_void_since}"


def shown_in(request: HttpRequest) -> str:
    """Which second factor was shown in this request, or was not needed; "" for none."""
    return str(getattr(request, _SHOWN, ""))
