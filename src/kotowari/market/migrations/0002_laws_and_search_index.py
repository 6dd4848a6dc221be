"""What Django cannot say: the state triggers, the running number, the search index."""

from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("market", "0001_initial")]

    operations = [
        migrations.RunSQL(NUMBER, "DROP SEQUENCE market_job_number"),
        migrations.RunSQL(NARROW, "ALTER TABLE market_job RESET (toast_tuple_target)"),
        migrations.RunSQL(SEARCH, "DROP INDEX job_open_search"),
        JOB.operation("market_job"),
        PROPOSAL.operation("market_proposal"),
    ]
