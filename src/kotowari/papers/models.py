from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.papers.kinds import KINDS
from kotowari.papers.sheets import Sheet, read_sheet

NUMBER_DIGITS = 6


class Series(models.Model):
    """The last number given in a series and year. Locked by whoever takes numbers, until they commit."""

    pk = models.CompositePrimaryKey("series", "year")
    series = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    last_number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_number__gt=0), name="paper_series_counts")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.last_number}"


class Paper(models.Model):
    """One paper as it was issued (書類); written once. Amounts in yen; `total_yen` and `tax_yen` as printed.

    `subject` names what it is about (`milestone:<id>`): of each kind one paper, and corrections that name the paper
    they replace. `party` issued it, or the operator where it is none; `counterparty` received it. `dealt_on` is the
    day of the dealing, `issued_on` that of the paper. `snapshot` is the canonical JSON of every word and figure that
    is shown (`sheets.Sheet`), `digest` its SHA-256. `taxes` is `[{permille, total_yen, tax_yen}]`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField(choices=[(kind.name, kind.title.en) for kind in KINDS.values()])
    series = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    subject = models.TextField()
    party = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    counterparty = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    party_name = models.CharField(max_length=200)
    counterparty_name = models.CharField(max_length=200)
    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, null=True, related_name="papers", db_index=False
    )
    payout = models.ForeignKey(
        "payouts.Payout", on_delete=models.PROTECT, null=True, related_name="papers", db_index=False
    )
    dealt_on = models.DateField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField(default=clock.now)
    total_yen = models.BigIntegerField()
    tax_yen = models.BigIntegerField()
    withholding_yen = models.BigIntegerField()
    taxes = models.JSONField()
    snapshot = models.TextField()
    digest = models.CharField(max_length=64)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="paper_number_once"),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(replaces__isnull=True), name="paper_once_per_subject"
            ),
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS)), name="paper_kind_known"),
            models.CheckConstraint(condition=Q(year=ExtractYear("issued_on")), name="paper_year_of_issue"),
            models.CheckConstraint(condition=Q(number__gt=0), name="paper_number_positive"),
            models.CheckConstraint(
                condition=Q(total_yen__gte=0, tax_yen__gte=0, withholding_yen__gte=0) & Q(tax_yen__lte=F("total_yen")),
                name="paper_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="") | Q(replaces__isnull=False) & ~Q(reason=""),
                name="paper_correction_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "-id"], condition=Q(party__isnull=False), name="paper_of_party"),
            models.Index(fields=["counterparty", "-id"], name="paper_of_counterparty"),
            models.Index(fields=["contract", "id"], condition=Q(contract__isnull=False), name="paper_of_contract"),
            models.Index(fields=["payout"], condition=Q(payout__isnull=False), name="paper_of_payout"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Its number as people write it: `INV-2026-000012`."""
        return f"{self.series}-{self.year}-{self.number:0{NUMBER_DIGITS}d}"

    @property
    def sheet(self) -> Sheet:
        """Every word and figure on it."""
        return read_sheet(self.snapshot)

    @property
    def title(self) -> Text:
        """What it is called: an invoice is a qualified one only where the number stands on it."""
        return self.sheet.title


class PaperFile(models.Model):
    """That a paper was drawn as PDF by one version of the drawing, and the SHA-256 that came out, then and ever after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="files")
    renderer = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "renderer"], name="paper_file_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} by {self.renderer}"


class TaxRegistration(models.Model):
    """A member's registration for qualified invoices (登録番号) from a day on; without a number it ends there.

    Rows are added, never changed: of those that have begun, the latest day counts, and of one day the latest row.
    `check_digit_fits` is kept for individuals, whose numbers are not known to follow the rule of companies.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tax_registrations")
    number = models.CharField(max_length=14, blank=True)
    name = models.CharField(max_length=100, blank=True)
    effective_on = models.DateField()
    check_digit_fits = models.BooleanField()
    told_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number="", name="") | Q(number__regex=r"^T[1-9][0-9]{12}$") & ~Q(name=""),
                name="tax_registration_form",
            ),
        ]
        indexes = [models.Index(fields=["member", "-effective_on", "-id"], name="tax_registration_latest")]

    def __str__(self) -> str:
        return f"{self.number or 'none'} from {self.effective_on}"


class Walk(models.Model):
    """How far the search for papers that are missing has come: the last row that was looked at, per list."""

    name = models.TextField(primary_key=True)
    through = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} through {self.through}"
