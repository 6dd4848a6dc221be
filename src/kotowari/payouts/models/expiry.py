"""Rewards whose time limit comes or has come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.payouts.transitions import EXPIRED


class ExpiryRound(models.Model):
    """One day's round through the time limits of rewards: how far it came, and when it was through (A041).

    It goes member by member in the order of their ids, each step its own transaction, like a closing.
    """

    day = models.DateField(primary_key=True)
    through = models.UUIDField(null=True)
    begun_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"time limits on {self.day}"


class ExpiryWarning(models.Model):
    """The owner of a reward was told that its time limit is so many days away; once each (A041)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lot_id = models.UUIDField()
    days_before = models.PositiveSmallIntegerField()
    last_on = models.DateField()
    warned_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot_id", "days_before"], name="expiry_warning_once"),
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before {self.last_on}"


class ExpiredReward(models.Model):
    """Rewards of one member whose time limit came on one day and that were not paid out.

    They are kept (`dormant`) until their owner has a bank account, or forfeited where the rules say so; staff take
    that back with a reason. Its id stands in the ledger where a payout's would: it took the lots.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expired_rewards")
    expired_on = models.DateField()
    amount_yen = models.BigIntegerField()
    state = models.TextField(choices=EXPIRED.choices())
    journal_id = models.UUIDField()
    expired_at = models.DateTimeField(default=clock.now)
    came_back_at = models.DateTimeField(null=True)
    came_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            EXPIRED.constraint(),
            models.UniqueConstraint(fields=["member", "expired_on"], name="expired_reward_once_a_day"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="expired_reward_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["dormant", "forfeited"], came_back_at__isnull=True)
                | Q(state__in=["revived", "restored"], came_back_at__isnull=False),
                name="expired_reward_back_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="restored") | ~Q(reason=""), name="expired_reward_restored_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="expired_reward_of_member"),
            models.Index(fields=["state", "-id"], name="expired_reward_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_yen} of {self.member_id} expired on {self.expired_on}"
