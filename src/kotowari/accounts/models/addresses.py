"""Addresses on their way to being a member's, and changes of the main one. The addresses themselves are allauth's."""

from django.db import models
from django.db.models import F, Q

from kotowari.accounts.models.members import Member
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class AddressProof(models.Model):
    """An address that a member says is theirs: open until the code from its mail comes back, then a record of when.

    Like a `SignUp` it reserves nothing: whoever proves an address first has it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="address_proofs")
    email = models.EmailField(max_length=254)
    code_digest = models.CharField(max_length=64)
    codes_sent = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField(default=clock.now)
    lapses_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "email"], name="address_proof_once"),
            models.CheckConstraint(condition=Q(lapses_at__gt=F("asked_at")), name="address_proof_lapses_later"),
        ]
        indexes = [
            models.Index(fields=["lapses_at"], condition=Q(proved_at__isnull=True), name="address_proof_by_lapse")
        ]

    def __str__(self) -> str:
        return f"address of {self.member_id}"


class AddressChange(models.Model):
    """The main address of an account was replaced; until `undo_until` the old one's mail can take it back (A115)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="address_changes")
    old_email = models.EmailField(max_length=254)
    new_email = models.EmailField(max_length=254)
    changed_at = models.DateTimeField(default=clock.now)
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(undo_until__gt=F("changed_at")), name="address_change_undo_later"),
            models.CheckConstraint(condition=~Q(old_email=F("new_email")), name="address_change_changes"),
        ]
        indexes = [models.Index(fields=["member", "-changed_at"], name="address_change_of_member")]

    def __str__(self) -> str:
        return f"change of address of {self.member_id}"
