from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.market.categories import GROUPS
from kotowari.market.transitions import JOB, PROPOSAL

POSTED_ON = Func(
    F("posted_at"), template="(%(expressions)s AT TIME ZONE 'Asia/Tokyo')::date", output_field=models.DateField()
)
"""The Tokyo date of the posting, as the database computes it."""


class Lexemes(models.Field):  # type: ignore[type-arg]
    """A tsvector written as a literal (`market.search.vector`); looked into only by `market.search.find`."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        return "tsvector"


class Category(models.Model):
    """A kind of work that jobs are posted under and found by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.TextField(choices=[(slug, text.en) for slug, text in GROUPS.items()])
    slug = models.SlugField(max_length=30, unique=True)
    name_ja = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        return Text(self.name_ja, self.name_en)

    @property
    def group_name(self) -> Text:
        return GROUPS[self.group]


class Profile(models.Model):
    """What a member says of themselves: seven parts, each free to stay empty (A154), and who sees what of it.

    `hidden` names what others do not see (`menus.PRIVACY_ITEMS`); when the member was last here they do not see
    unless `shows_last_login` (A106). Rows are read for others by `selectors.public_profiles` alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    introduction = models.TextField(blank=True)
    career = models.TextField(blank=True)
    qualifications = models.TextField(blank=True)
    achievements = models.TextField(blank=True)
    work_offered = models.TextField(blank=True)
    active_hours = models.TextField(blank=True)
    motivation = models.TextField(blank=True)
    skills = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    away_until = models.DateField(null=True, blank=True)
    hidden = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    shows_last_login = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"profile of {self.member_id}"

    @property
    def is_away(self) -> bool:
        return self.away_until is not None and clock.today() <= self.away_until


class Job(models.Model):
    """An offer of work by a client, with the facts the law wants in it and the terms of the later contract.

    Prices are yen without tax; a fixed price has the same minimum and maximum. `number` counts postings and is
    the order in which they are listed. `closed_at` is when it stopped being open, however that came.
    """

    class Kind(models.TextChoices):
        PROJECT = "project"

    class WorkUnit(models.TextChoices):
        HOUR = "hour"
        CHARACTER = "character"
        PIECE = "piece"

    class Rights(models.TextChoices):
        TRANSFER = "transfer"
        LICENCE = "licence"
        KEEP = "keep"

    class WithholdingKind(models.TextChoices):
        MANUSCRIPT = "manuscript"
        TRANSLATION = "translation"
        DESIGN = "design"
        ILLUSTRATION = "illustration"
        PHOTO = "photo"
        MUSIC = "music"
        LECTURE = "lecture"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(unique=True, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    kind = models.TextField(choices=Kind, default=Kind.PROJECT)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="jobs")
    title = models.CharField(max_length=80)
    description = models.TextField()

    budget_min_yen = models.BigIntegerField()
    budget_max_yen = models.BigIntegerField()
    work_amount = models.PositiveIntegerField(null=True, blank=True)
    work_unit = models.TextField(choices=WorkUnit, default="", blank=True)
    hires_wanted = models.PositiveSmallIntegerField(default=1)
    hires_made = models.PositiveSmallIntegerField(default=0)
    apply_until = models.DateTimeField()
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    stays_inside = models.BooleanField(default=True)

    poster_name = models.CharField(max_length=100)
    poster_address = models.CharField(max_length=200)
    poster_contact = models.CharField(max_length=200)
    work_place = models.CharField(max_length=200)

    rights = models.TextField(choices=Rights)
    rights_note = models.TextField(blank=True)
    delivery_place = models.CharField(max_length=200)
    inspection_days = models.PositiveSmallIntegerField()
    payment_due_days = models.PositiveSmallIntegerField()
    has_non_cash_payment = models.BooleanField()
    non_cash_terms = models.TextField(blank=True)
    is_recommission = models.BooleanField()
    recommission_terms = models.TextField(blank=True)
    has_withholding = models.BooleanField()
    withholding_kind = models.TextField(choices=WithholdingKind, default="", blank=True)

    state = models.TextField(choices=JOB.choices(), default="open")
    posted_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    search = Lexemes()

    class Meta:
        constraints = [
            JOB.constraint(),
            models.CheckConstraint(condition=Q(kind="project"), name="job_kind_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(description=""), name="job_says_what"),
            models.CheckConstraint(
                condition=Q(budget_min_yen__gt=0, budget_max_yen__gte=F("budget_min_yen")), name="job_budget_in_order"
            ),
            models.CheckConstraint(
                condition=Q(work_amount__isnull=True, work_unit="")
                | Q(work_amount__gt=0, work_unit__in=["hour", "character", "piece"]),
                name="job_work_amount_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(hires_wanted__gt=0, hires_made__lte=F("hires_wanted")), name="job_hires_in_bounds"
            ),
            models.CheckConstraint(
                condition=~Q(state="filled") | Q(hires_made=F("hires_wanted")), name="job_filled_means_all_hired"
            ),
            models.CheckConstraint(condition=Q(apply_until__gt=F("posted_at")), name="job_deadline_after_posting"),
            models.CheckConstraint(
                condition=Q(due_on__gte=POSTED_ON) & (Q(starts_on__isnull=True) | Q(starts_on__lte=F("due_on"))),
                name="job_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(poster_name="") & ~Q(poster_address="") & ~Q(poster_contact="") & ~Q(work_place=""),
                name="job_posting_facts_given",
            ),
            models.CheckConstraint(
                condition=Q(rights__in=["transfer", "licence", "keep"]) & ~Q(delivery_place=""),
                name="job_terms_given",
            ),
            models.CheckConstraint(
                condition=Q(inspection_days__range=(1, 60), payment_due_days__range=(1, 60)), name="job_term_days"
            ),
            models.CheckConstraint(
                condition=Q(has_non_cash_payment=False, non_cash_terms="")
                | Q(has_non_cash_payment=True) & ~Q(non_cash_terms=""),
                name="job_non_cash_said",
            ),
            models.CheckConstraint(
                condition=Q(is_recommission=False, recommission_terms="")
                | Q(is_recommission=True) & ~Q(recommission_terms=""),
                name="job_recommission_said",
            ),
            models.CheckConstraint(
                condition=Q(has_withholding=False, withholding_kind="")
                | Q(has_withholding=True) & ~Q(withholding_kind=""),
                name="job_withholding_said",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="job_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-number"], condition=Q(state="open"), include=["id", "category"], name="job_open_newest"
            ),
            models.Index(fields=["client", "-number"], include=["state", "hires_made"], name="job_of_client"),
            models.Index(fields=["category"], condition=Q(state="open"), name="job_open_category"),
            models.Index(fields=["apply_until"], condition=Q(state="open"), name="job_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_fixed_price(self) -> bool:
        return self.budget_min_yen == self.budget_max_yen


class Proposal(models.Model):
    """A worker's answer to a job, with the milestones they would do it in.

    `lapses_at` is when it ends without an answer, `stopped_for` later than it would be had its client not been kept
    from acting (ADR 0013). One that ended while they were is `excused`: it does not count as unanswered. A worker has
    at most one live proposal to a job.
    """

    class DeclineReason(models.TextChoices):
        BUDGET = "budget"
        SCHEDULE = "schedule"
        SKILLS = "skills"
        OTHER_CHOSEN = "other_chosen"
        CHANGED_NEED = "changed_need"
        OTHER = "other"
        JOB_CLOSED = "job_closed"
        JOB_FILLED = "job_filled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="proposals")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    message = models.TextField()
    state = models.TextField(choices=PROPOSAL.choices(), default="sent")
    sent_at = models.DateTimeField(default=clock.now)
    lapses_at = models.DateTimeField()
    stopped_for = models.DurationField(default=timedelta, db_default=timedelta())
    excused = models.BooleanField(default=False, db_default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.TextField(choices=DeclineReason, default="", blank=True)
    decline_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            PROPOSAL.constraint(),
            models.UniqueConstraint(
                fields=["job", "worker"], condition=Q(state__in=["sent", "accepted"]), name="proposal_one_live"
            ),
            models.CheckConstraint(condition=~Q(message=""), name="proposal_says_something"),
            models.CheckConstraint(condition=Q(lapses_at__gt=F("sent_at")), name="proposal_lapses_after_sending"),
            models.CheckConstraint(condition=Q(stopped_for__gte=timedelta()), name="proposal_stopped_not_negative"),
            models.CheckConstraint(condition=Q(excused=False) | Q(state="lapsed"), name="proposal_excused_has_lapsed"),
            models.CheckConstraint(
                condition=Q(state="sent", decided_at__isnull=True) | ~Q(state="sent") & Q(decided_at__isnull=False),
                name="proposal_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & ~Q(decline_reason="") | ~Q(state="declined") & Q(decline_reason=""),
                name="proposal_declined_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["job", "-id"], name="proposal_of_job"),
            models.Index(fields=["worker", "-id"], name="proposal_of_worker"),
            models.Index(fields=["lapses_at"], condition=Q(state="sent"), name="proposal_due"),
        ]

    def __str__(self) -> str:
        return f"proposal of {self.worker_id} to {self.job_id}"


class ProposalMilestone(models.Model):
    """A part of the proposed work: its price in yen without tax, and its date."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    price_yen = models.BigIntegerField()
    due_on = models.DateField()

    class Meta:
        ordering = ["proposal_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "position"], name="proposal_milestone_position_once"),
            models.CheckConstraint(condition=Q(price_yen__gt=0), name="proposal_milestone_price_positive"),
            models.CheckConstraint(condition=~Q(title=""), name="proposal_milestone_titled"),
        ]

    def __str__(self) -> str:
        return self.title
