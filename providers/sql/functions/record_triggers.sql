-- Purpose: what must follow every change of a phone record, whoever makes it: figures move, sharers are counted again, the
-- school's numbers are looked through for made-up ones, and a number with a live claim stays as it is.
-- Locks: none beyond the changed rows; figures are only appended, so that writers never wait for one another.

CREATE OR REPLACE FUNCTION providers_tally_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A transition table exists only for its own event, hence one query each.
    IF TG_OP = 'INSERT' THEN
        INSERT INTO schools_tallydelta (school_id, role, metric, provider_id, n)
        SELECT school_id, role, m.metric, coalesce(provider_id, ''), count(*)
        FROM new_rows r CROSS JOIN LATERAL providers_metrics(r.cell, r.ownership) AS m (metric)
        GROUP BY school_id, role, m.metric, coalesce(provider_id, '');
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO schools_tallydelta (school_id, role, metric, provider_id, n)
        SELECT school_id, role, m.metric, coalesce(provider_id, ''), -count(*)
        FROM old_rows r CROSS JOIN LATERAL providers_metrics(r.cell, r.ownership) AS m (metric)
        GROUP BY school_id, role, m.metric, coalesce(provider_id, '');
    ELSE
        -- Summed before it is asked in which figures a cell counts: a bulk change has few different rows in a school.
        INSERT INTO schools_tallydelta (school_id, role, metric, provider_id, n)
        SELECT g.school_id, g.role, m.metric, g.provider, sum(g.n)
        FROM (
            SELECT school_id, role, cell, ownership, coalesce(provider_id, '') AS provider, sum(sign) AS n
            FROM (
                SELECT school_id, role, cell, ownership, provider_id, -1 AS sign FROM old_rows
                UNION ALL
                SELECT school_id, role, cell, ownership, provider_id, 1 FROM new_rows
            ) r
            GROUP BY school_id, role, cell, ownership, coalesce(provider_id, '')
            HAVING sum(sign) <> 0
        ) g
        CROSS JOIN LATERAL providers_metrics(g.cell, g.ownership) AS m (metric)
        GROUP BY g.school_id, g.role, m.metric, g.provider
        HAVING sum(g.n) <> 0;
    END IF;
    RETURN NULL;
END
$$;

-- The figures a record counts in: its cell, and beside it the sub-count of usable numbers without an owner.
CREATE OR REPLACE FUNCTION providers_metrics(cell text, ownership text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT cell WHERE cell <> 'OUT'
    UNION ALL
    SELECT 'OWNERSHIP_MISSING' WHERE cell = 'USABLE' AND ownership = ''
$$;

CREATE OR REPLACE TRIGGER record_tally_insert AFTER INSERT ON providers_phonerecord
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_records();
-- Also while a first load leaves out the checks row by row.
ALTER TABLE providers_phonerecord ENABLE ALWAYS TRIGGER record_tally_insert;
CREATE OR REPLACE TRIGGER record_tally_update AFTER UPDATE ON providers_phonerecord
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_records();
CREATE OR REPLACE TRIGGER record_tally_delete AFTER DELETE ON providers_phonerecord
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_records();

CREATE OR REPLACE FUNCTION providers_request_sharing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A bulk load counts all its numbers at the end instead of asking for each.
    IF current_setting('vervalponsel.sharing_counted_later', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO providers_sharerequest (number)
        SELECT DISTINCT number FROM new_rows WHERE number <> '';
        INSERT INTO providers_questionrequest (school_id)
        SELECT DISTINCT school_id FROM new_rows WHERE number <> '';
    ELSE
        -- Never a join of the rows before with the rows after: a session keeps its first plan, and one that was made for a
        -- single row would go through all pairs of a bulk change.
        WITH changed AS MATERIALIZED (
            (SELECT id, number, school_id, eligibility, sharing_confirmed_at FROM old_rows
             EXCEPT
             SELECT id, number, school_id, eligibility, sharing_confirmed_at FROM new_rows)
            UNION ALL
            (SELECT id, number, school_id, eligibility, sharing_confirmed_at FROM new_rows
             EXCEPT
             SELECT id, number, school_id, eligibility, sharing_confirmed_at FROM old_rows)
        ), shared AS (
            INSERT INTO providers_sharerequest (number)
            SELECT DISTINCT number FROM changed WHERE number <> ''
        )
        INSERT INTO providers_questionrequest (school_id)
        SELECT DISTINCT school_id FROM changed WHERE number <> '';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER record_sharing_insert AFTER INSERT ON providers_phonerecord
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION providers_request_sharing();
ALTER TABLE providers_phonerecord ENABLE ALWAYS TRIGGER record_sharing_insert;
CREATE OR REPLACE TRIGGER record_sharing_update AFTER UPDATE ON providers_phonerecord
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION providers_request_sharing();

CREATE OR REPLACE FUNCTION providers_keep_locked_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM providers_entitlement e WHERE e.record_id = OLD.id AND e.live) THEN
        RAISE EXCEPTION 'number of record % is locked by a live claim', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'locked_number_cannot_change';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER record_number_lock BEFORE UPDATE ON providers_phonerecord
    FOR EACH ROW WHEN (OLD.number IS DISTINCT FROM NEW.number) EXECUTE FUNCTION providers_keep_locked_number();

-- reverse:
DROP TRIGGER IF EXISTS record_number_lock ON providers_phonerecord;
DROP FUNCTION IF EXISTS providers_keep_locked_number();
DROP TRIGGER IF EXISTS record_sharing_update ON providers_phonerecord;
DROP TRIGGER IF EXISTS record_sharing_insert ON providers_phonerecord;
DROP FUNCTION IF EXISTS providers_request_sharing();
DROP TRIGGER IF EXISTS record_tally_delete ON providers_phonerecord;
DROP TRIGGER IF EXISTS record_tally_update ON providers_phonerecord;
DROP TRIGGER IF EXISTS record_tally_insert ON providers_phonerecord;
DROP FUNCTION IF EXISTS providers_tally_records();
DROP FUNCTION IF EXISTS providers_metrics(text, text);
