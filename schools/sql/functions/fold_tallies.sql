-- Purpose: sum the appended deltas into the schools' figures and the regions' rollups.
-- Inputs: schools_tallydelta; outputs: schools_tally, schools_rollup. Reading folded + pending is exact at any moment.
-- Locks: one advisory lock for the transaction; a second fold at the same time returns -1 and does nothing.

CREATE OR REPLACE FUNCTION schools_fold_lock() RETURNS boolean LANGUAGE sql AS $$
    SELECT pg_try_advisory_xact_lock(hashtext('schools_fold_tallies'))
$$;

CREATE OR REPLACE FUNCTION schools_fold_tallies() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    folded bigint;
BEGIN
    IF NOT schools_fold_lock() THEN
        RETURN -1;
    END IF;
    WITH taken AS (
        DELETE FROM schools_tallydelta RETURNING school_id, role, metric, provider_id, n
    ), sums AS MATERIALIZED (
        SELECT school_id, role, metric, provider_id, sum(n) AS n
        FROM taken
        GROUP BY school_id, role, metric, provider_id
        HAVING sum(n) <> 0
    ), by_school AS (
        INSERT INTO schools_tally AS t (school_id, role, metric, provider_id, n)
        SELECT school_id, role, metric, provider_id, n FROM sums
        ON CONFLICT (school_id, role, metric, provider_id) DO UPDATE SET n = t.n + excluded.n
    ), by_region AS (
        INSERT INTO schools_rollup AS r (region_code, jenjang, role, metric, provider_id, n)
        SELECT region.code, s.jenjang, sums.role, sums.metric, sums.provider_id, sum(sums.n)
        FROM sums
        JOIN schools_school s ON s.id = sums.school_id
        CROSS JOIN LATERAL (VALUES (s.regency_code), (s.province_code), ('000000')) AS region (code)
        GROUP BY region.code, s.jenjang, sums.role, sums.metric, sums.provider_id
        ON CONFLICT (region_code, jenjang, role, metric, provider_id) DO UPDATE SET n = r.n + excluded.n
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END
$$;

CREATE OR REPLACE FUNCTION schools_rebuild_rollups() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Waits for a running fold: its sums would be counted under the old regions.
    PERFORM pg_advisory_xact_lock(hashtext('schools_fold_tallies'));
    DELETE FROM schools_rollup;
    INSERT INTO schools_rollup (region_code, jenjang, role, metric, provider_id, n)
    SELECT region.code, s.jenjang, t.role, t.metric, t.provider_id, sum(t.n)
    FROM schools_tally t
    JOIN schools_school s ON s.id = t.school_id
    CROSS JOIN LATERAL (VALUES (s.regency_code), (s.province_code), ('000000')) AS region (code)
    GROUP BY region.code, s.jenjang, t.role, t.metric, t.provider_id
    HAVING sum(t.n) <> 0;
END
$$;

-- reverse:
DROP FUNCTION IF EXISTS schools_rebuild_rollups();
DROP FUNCTION IF EXISTS schools_fold_tallies();
DROP FUNCTION IF EXISTS schools_fold_lock();
