"""What Django cannot say: papers are written once, and their numbers run on without a gap.

A number can only be taken by raising `last_number`, and a transaction that took numbers without using every one of
them cannot commit. As no paper is ever deleted, there is no way to a gap.
"""

from django.db import migrations

FORWARD = """
CREATE TRIGGER papers_are_written_once BEFORE UPDATE OR DELETE ON papers_paper
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER papers_are_never_emptied BEFORE TRUNCATE ON papers_paper
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER paper_files_are_written_once BEFORE UPDATE OR DELETE ON papers_paperfile
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER tax_registrations_are_written_once BEFORE UPDATE OR DELETE ON papers_taxregistration
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER series_are_never_deleted BEFORE DELETE ON papers_series
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER series_are_never_emptied BEFORE TRUNCATE ON papers_series
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_refuse_change();

ALTER TABLE papers_paper ADD CONSTRAINT paper_digest_is_of_snapshot
    CHECK (digest = encode(sha256(convert_to(snapshot, 'UTF8')), 'hex'));

CREATE FUNCTION papers_number_was_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM papers_series s
    WHERE s.series = NEW.series AND s.year = NEW.year AND s.last_number >= NEW.number;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the number %-%-% was not taken from its series', NEW.series, NEW.year, NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_number_was_taken';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paper_number_was_taken BEFORE INSERT ON papers_paper
    FOR EACH ROW EXECUTE FUNCTION papers_number_was_taken();

CREATE FUNCTION papers_numbers_are_used() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bigint := 0;
    used bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.series, OLD.year) IS DISTINCT FROM (NEW.series, NEW.year) THEN
            RAISE EXCEPTION 'a series keeps its name and year' USING ERRCODE = 'check_violation';
        END IF;
        before := OLD.last_number;
    END IF;
    SELECT count(*) INTO used FROM papers_paper p
    WHERE p.series = NEW.series AND p.year = NEW.year AND p.number > before AND p.number <= NEW.last_number;
    IF NEW.last_number <= before OR used <> NEW.last_number - before THEN
        RAISE EXCEPTION 'series %-%: numbers % to % were taken and % of them used',
            NEW.series, NEW.year, before + 1, NEW.last_number, used
            USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_numbers_are_used';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER paper_numbers_are_used AFTER INSERT OR UPDATE ON papers_series
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION papers_numbers_are_used();
"""
BACKWARD = """
DROP TRIGGER paper_numbers_are_used ON papers_series;
DROP FUNCTION papers_numbers_are_used();
DROP TRIGGER paper_number_was_taken ON papers_paper;
DROP FUNCTION papers_number_was_taken();
ALTER TABLE papers_paper DROP CONSTRAINT paper_digest_is_of_snapshot;
DROP TRIGGER series_are_never_emptied ON papers_series;
DROP TRIGGER series_are_never_deleted ON papers_series;
DROP TRIGGER tax_registrations_are_written_once ON papers_taxregistration;
DROP TRIGGER paper_files_are_written_once ON papers_paperfile;
DROP TRIGGER papers_are_never_emptied ON papers_paper;
DROP TRIGGER papers_are_written_once ON papers_paper;
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial"), ("foundation", "0002_append_only_audit")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
