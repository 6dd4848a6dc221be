"""What Django cannot say: the state triggers, the running number, the search index, the first categories."""

from typing import Any

from django.db import migrations

from kotowari.market.categories import SEED
from kotowari.market.transitions import JOB, PROPOSAL

NUMBER = """
CREATE SEQUENCE market_job_number AS bigint OWNED BY market_job.number;
"""
# Long columns (description, search) go out of line, so that reading many matches reads few pages.
NARROW = """
ALTER TABLE market_job SET (toast_tuple_target = 512);
"""
# No pending list: a search would have to read through it, and its time would depend on the last postings.
SEARCH = """
CREATE INDEX job_open_search ON market_job USING gin (search) WITH (fastupdate = off) WHERE state = 'open';
"""


def add_categories(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    category = apps.get_model("market", "Category")
    category.objects.bulk_create(
        category(group=group, slug=slug, name_ja=ja, name_en=en, position=position)
        for position, (group, slug, ja, en) in enumerate(SEED, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("market", "0001_initial")]

    operations = [
        migrations.RunSQL(NUMBER, "DROP SEQUENCE market_job_number"),
        migrations.RunSQL(NARROW, "ALTER TABLE market_job RESET (toast_tuple_target)"),
        migrations.RunSQL(SEARCH, "DROP INDEX job_open_search"),
        JOB.operation("market_job"),
        PROPOSAL.operation("market_proposal"),
        migrations.RunPython(add_categories, migrations.RunPython.noop),
    ]
