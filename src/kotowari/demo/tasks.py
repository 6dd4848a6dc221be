"""What time does in a demo: its people live each day."""

from django.conf import settings

from kotowari.demo import everyday
from kotowari.foundation.deadlines import deadline


@deadline("demo.live")
def live() -> int:
    """Live the present day, once it has come."""
    return everyday.live_today() if settings.DEMO else 0
