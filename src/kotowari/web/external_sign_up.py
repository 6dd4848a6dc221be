"""Becoming a member through an external account (A028): a short form, without a password."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import consents, gates, limits, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import network_of
from kotowari.accounts.external import identity as identities
from kotowari.accounts.external.identity import Identity
from kotowari.accounts.external.providers import provider
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text, language
from kotowari.web import current
from kotowari.web.account_forms import SignUpForm
from kotowari.web.external_login import nothing_kept, welcome
from kotowari.web.refusals import refuse_on_page
from kotowari.web.screens import render, screen, see
from kotowari.web.sign_up import SESSION_KEY


class ExternalSignUpForm(SignUpForm):
    """What is still needed: no password, and no address where the provider vouches for one."""

    def __init__(self, *args: Any, identity: Identity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.identity = identity
        del self.fields["password"]
        if identity.email_proved:
            del self.fields["email"]
        else:
            self.fields["email"].initial = identity.email

    def clean(self) -> None:
        """Ask the service too, so that everything that is wrong is told at once."""
        typed = self.typed()
        typed.setdefault("email", self.identity.email)
        try:
            services.check_sign_up(password=None, **typed)
        except InputError as problem:
            unsaid = {name: texts for name, texts in problem.fields.items() if name not in self.errors}
            if unsaid:
                self.merge(InputError(unsaid))

    def typed(self) -> dict[str, Any]:
        """The keywords of the commands, without the password."""
        given = {name: self.cleaned_data.get(name, "") for name in self.fields}
        given["agreed"] = [consent.kind for consent in consents.ALL if given.pop(consent.kind)]
        return given


@screen(
    "external_sign_up",
    path="signup/with/",
    title=Text("会員登録", "Sign up"),
    actions=[gates.SIGN_UP],
    methods=["GET", "POST"],
    parent="account_signup",
)
@never_cache
def sign_up(request: HttpRequest) -> HttpResponse:
    """For somebody who came back from a provider and is nobody's member yet."""
    identity = identities.kept(request)
    if identity is None:
        return refuse_on_page(request, gates.ENTER_EXTERNAL, nothing_kept())
    decision = explain(gates.SIGN_UP, current.member_of(request))
    form = ExternalSignUpForm(request.POST if request.method == "POST" else None, identity=identity)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                return _joined(request, form, identity)
        except Refused as refused:
            decision = refused.decision
    context = {"form": form, "decision": decision, "provider": provider(identity.provider), "identity": identity}
    status = form.status if decision.allowed else decision.status
    return render(request, "account/external_sign_up.html", context, status=status)


def _joined(request: HttpRequest, form: ExternalSignUpForm, identity: Identity) -> HttpResponse:
    """A member at once, or by the code where the provider does not vouch. Raises `InputError`, `Refused`."""
    typed = form.typed()
    limits.count_sign_up(email=typed.get("email", identity.email), network=network_of(request))
    if identity.email_proved:
        with transaction.atomic():
            member = services.join_with_external(actor=VISITOR, identity=identity, language=language.get(), **typed)
            return welcome(request, member, identity)
    begun = services.start_sign_up(
        actor=VISITOR, password=None, identity=identity, language=language.get(), idempotency_key=form.key, **typed
    )
    request.session[SESSION_KEY] = str(begun.pk)
    identities.forget(request)
    return see("/signup/verify/")
