"""Background work on procrastinate: rounds that sweep what is due, and a reaper for what a dead worker held."""

import logging
from datetime import timedelta

import procrastinate
from django.conf import settings
from django.db import close_old_connections

from kotowari.foundation import backoff, deadlines, demo_clock, mail, outbox, ratelimit
from kotowari.foundation.models import IdempotencyKey
from kotowari.kernel import clock

logger = logging.getLogger(__name__)

STALLED_AFTER_SECONDS = 120
KEEP_IDEMPOTENCY_DAYS = 90


def on_app_ready(app: procrastinate.App) -> None:
    """Give procrastinate our rounds (called by its Django integration)."""
    app.periodic(cron="* * * * * */2")(app.task(queueing_lock="tell", pass_context=False)(tell_round))
    app.periodic(cron="* * * * * */20")(app.task(queueing_lock="sweep", pass_context=False)(sweep_round))
    app.periodic(cron="* * * * * */30")(app.task(queueing_lock="long", pass_context=False)(long_round))
    app.periodic(cron="* * * * *")(app.task(queueing_lock="reap", pass_context=True)(reap_round))
    app.periodic(cron="17 3 * * *")(app.task(queueing_lock="tidy", pass_context=False)(tidy_round))


def tell_round(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it so
    """Deliver events and mails that wait."""
    close_old_connections()
    _follow_demo()
    outbox.deliver_waiting()
    mail.send_waiting()


def sweep_round(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it so
    """Handle every deadline that has come."""
    close_old_connections()
    _follow_demo()
    deadlines.run_all_due()


def long_round(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it so
    """Do what may take minutes, beside the other rounds."""
    close_old_connections()
    _follow_demo()
    deadlines.run_all_long()


async def reap_round(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it so
    """Put back jobs whose worker died with them: every job is idempotent, so doing it again is safe."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        logger.warning("job %s (%s) had stalled and is tried again", job.id, job.task_name)
        await manager.retry_job(job)


def tidy_round(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it so
    """Forget idempotency keys that nobody can repeat any more, and limits that have run out."""
    close_old_connections()
    limit = clock.now() - timedelta(days=KEEP_IDEMPOTENCY_DAYS)
    IdempotencyKey.objects.filter(created_at__lt=limit).delete()
    ratelimit.forget_expired()
    backoff.forget_ended()


def _follow_demo() -> None:
    if settings.DEMO:
        demo_clock.refresh()
