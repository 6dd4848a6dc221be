"""What became of asking the laws of the books: each run, each law's answer, and the alarms that follow from them."""

from django.db import models
from django.db.models import Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.ledger.transitions import CHECK_ALARM, CHECK_RUN


class CheckRun(models.Model):
    """One time that all laws were asked, all of one moment.

    `for_day` is the Tokyo day of a nightly run; a run that somebody asked for has none. `head_number` and
    `head_digest` are the newest seal at that moment, which later runs are held against.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.TextField(choices=CHECK_RUN.choices(), default="waiting")
    for_day = models.DateField(null=True)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by_id = models.UUIDField(null=True)
    asked_by_name = models.TextField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    laws = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)
    head_number = models.BigIntegerField(null=True)
    head_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        db_table = "ledger_check_run"
        constraints = [
            CHECK_RUN.constraint(),
            models.UniqueConstraint(
                fields=["for_day"],
                condition=Q(for_day__isnull=False) & ~Q(state="interrupted"),
                name="ledger_check_once_a_day",
            ),
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="ledger_check_one_runs"),
            models.CheckConstraint(
                condition=Q(state="waiting", begun_at__isnull=True, ended_at__isnull=True)
                | Q(state="running", begun_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["complete", "interrupted"], begun_at__isnull=False, ended_at__isnull=False),
                name="ledger_check_times",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="ledger_check_waiting"),
            models.Index(fields=["-ended_at"], condition=Q(state="complete"), name="ledger_check_complete"),
        ]

    def __str__(self) -> str:
        return f"check of {self.asked_at}: {self.state}"

    @property
    def head(self) -> str:
        """The digest of the newest seal of then, in hexadecimal; empty when nothing was sealed."""
        return bytes(self.head_digest).hex() if self.head_digest else ""


class CheckResult(models.Model):
    """What one law answered in one run: how much it looked at, how much is wrong, the first of it in words."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(CheckRun, on_delete=models.PROTECT, related_name="results")
    name = models.TextField()
    checked = models.BigIntegerField()
    wrong = models.BigIntegerField()
    violations = models.JSONField(default=list)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        db_table = "ledger_check_result"
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="ledger_check_result_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.wrong} of {self.checked}"

    @property
    def is_ok(self) -> bool:
        """Whether the law held."""
        return self.wrong == 0


class CheckAlarm(models.Model):
    """A law that is broken, from the run that found it to the run that finds it mended; or that nothing was checked.

    `told_at` is when staff were last told: at the break, and again whenever it is another one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField()
    title = models.JSONField()
    state = models.TextField(choices=CHECK_ALARM.choices(), default="open")
    wrong = models.BigIntegerField()
    violations = models.JSONField(default=list)
    raised_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(default=clock.now)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.UUIDField(null=True)
    acknowledged_by_name = models.TextField(blank=True)
    note = models.TextField(blank=True)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_check_alarm"
        constraints = [
            CHECK_ALARM.constraint(),
            models.UniqueConstraint(
                fields=["name"], condition=~Q(state="mended"), name="ledger_alarm_once_until_mended"
            ),
            models.CheckConstraint(
                condition=Q(state="mended", mended_at__isnull=False) | ~Q(state="mended") & Q(mended_at__isnull=True),
                name="ledger_alarm_mended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged") | Q(acknowledged_at__isnull=False) & ~Q(note=""),
                name="ledger_alarm_acknowledged_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="ledger_alarm_newest"),
            models.Index(fields=["name", "-mended_at"], name="ledger_alarm_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"

    @property
    def words(self) -> Text:
        """What should be true and is not."""
        return Text.from_dict(self.title)
