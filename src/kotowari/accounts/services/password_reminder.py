"""A reminder to change an old password, where the operator wants one; nobody is made to change it (A026)."""

from uuid import UUID

from kotowari.accounts import entries, gates
from kotowari.accounts.models import Member
from kotowari.accounts.selectors.passwords import REMINDER
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.models import Notice
from kotowari.foundation.notices import notify
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

TITLE = Text("パスワードの変更をおすすめする時期です", "It may be time to change your password")
BODY = Text(
    "同じパスワードを{months}か月使っています。ほかのサービスでも使っている場合や、人に知られた心配がある場合は、変更を"
    "おすすめします。そうでなければ、変えなくても、これまでどおり使えます。",
    "You have had the same password for {months} months. If you use it elsewhere, or somebody may know it, please change "
    "it. If not, you can simply go on using it.",
)


@command(gates.REMIND_OF_PASSWORD)
def remind_of_password(*, actor: Actor, member_id: UUID) -> Notice:
    """Leave the notice, in the site alone: mails that ask for a new password are what people are taught to distrust.

    Raises `Refused` where nobody is reminded, and before it is due.
    """
    member = lock(Member, member_id)
    require(gates.REMIND_OF_PASSWORD, actor, member)
    months = policy.value("accounts.password_reminder_months")
    audit.record(actor=actor, kind=entries.PASSWORD_REMINDED, subject=member, months=months)
    return notify(
        member_id=member.pk,
        kind=REMINDER,
        title=TITLE,
        body=BODY.format(months=months),
        url="/password/reset/",
        by_mail=False,
    )
