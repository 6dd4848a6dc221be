from django.conf import settings
from django.db import models

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text


class Notice(models.Model):
    """An official word to one member, kept in the site in both languages (A122)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.TextField()
    title_text = models.JSONField()
    body_text = models.JSONField()
    url = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} to {self.member_id}"

    @property
    def title(self) -> Text:
        return Text.from_dict(self.title_text)

    @property
    def body(self) -> Text:
        return Text.from_dict(self.body_text)
