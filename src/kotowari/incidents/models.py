"""What went wrong with the market itself, what was said about it, and whom it touched."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kotowari.accounts.models import Member, Round
from kotowari.incidents.kinds import FUNCTIONS, KINDS, SEVERITIES
from kotowari.incidents.transitions import INCIDENT
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text


class Incident(models.Model):
    """A fault of ours: something is down, or accounts may be affected (A039, A132).

    From `started_at` until `ended_at`, which is empty while it is `open`. Until `update_due_at` there is further word;
    from `remind_at` on all of staff are reminded. `closes_at` is set when it is over and being watched. An outage is
    always public. The letter to whom it touched: which data (`data_text`), what to do (`advice_text`) until `act_on`;
    `round` carries it out.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=[(name, words.en) for name, words in KINDS.items()])
    severity = models.CharField(max_length=20, choices=[(name, words.en) for name, words in SEVERITIES.items()])
    functions = ArrayField(models.CharField(max_length=20))
    is_public = models.BooleanField()
    title_text = models.JSONField()
    state = models.CharField(max_length=20, choices=INCIDENT.choices(), default="open")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    update_due_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    affects_everybody = models.BooleanField(default=False)
    data_text = models.JSONField(null=True)
    advice_text = models.JSONField(null=True)
    act_on = models.DateField(null=True)
    told_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    round = models.OneToOneField(Round, on_delete=models.PROTECT, null=True, related_name="incident")

    class Meta:
        constraints = [
            INCIDENT.constraint(),
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS)), name="incident_kind_known"),
            models.CheckConstraint(condition=Q(severity__in=sorted(SEVERITIES)), name="incident_severity_known"),
            models.CheckConstraint(
                condition=Q(functions__contained_by=sorted(FUNCTIONS)) & Q(functions__len__gte=1),
                name="incident_functions_known",
            ),
            models.CheckConstraint(condition=~Q(kind="outage") | Q(is_public=True), name="incident_outage_is_public"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_at__gte=F("started_at"))),
                name="incident_over_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="watching") | Q(closes_at__isnull=False), name="incident_watched_until"
            ),
            models.CheckConstraint(
                condition=Q(round__isnull=True)
                | Q(data_text__isnull=False, advice_text__isnull=False, told_by__isnull=False),
                name="incident_told_in_full",
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at"], condition=Q(is_public=True), name="incident_public"),
            models.Index(fields=["remind_at"], condition=Q(state="open"), name="incident_remind"),
            models.Index(fields=["closes_at"], condition=Q(state="watching"), name="incident_watched"),
            models.Index(fields=["ended_at"], condition=Q(kind="outage"), name="incident_outage"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.started_at:%Y-%m-%d %H:%M} ({self.state})"

    @property
    def title(self) -> Text:
        return Text.from_dict(self.title_text)

    @property
    def data(self) -> Text | None:
        """Which data it is about, for whom it touched."""
        return Text.from_dict(self.data_text) if self.data_text else None

    @property
    def advice(self) -> Text | None:
        """What whom it touched should do."""
        return Text.from_dict(self.advice_text) if self.advice_text else None


class IncidentUpdate(models.Model):
    """What was said about an incident at a moment, and the state it had from then on; never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="updates")
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=20, choices=INCIDENT.choices())
    words_text = models.JSONField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["incident", "-id"], name="incident_timeline")]

    def __str__(self) -> str:
        return f"{self.state} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def words(self) -> Text:
        return Text.from_dict(self.words_text)


class AffectedMember(models.Model):
    """A member whom an incident touches: since when, why they are thought to be, and when they were told (A132)."""

    class Basis(models.TextChoices):
        NAMED = "named"
        SIGNED_IN = "signed_in"
        EVERYBODY = "everybody"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    basis = models.CharField(max_length=20, choices=Basis)
    since = models.DateTimeField()
    named_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "member"], name="incident_member_once")]
        indexes = [models.Index(fields=["member", "-id"], name="incident_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.incident_id}"
