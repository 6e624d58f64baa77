-- Purpose: how many eligible recipients use a number, judged by the current period's two thresholds.
-- Inputs: the numbers to count again. Output: how many records really changed; claims over the limit are dropped, and the
-- list of crowded numbers follows.
-- Locks: the claims of these numbers that may fall out, then the changed records, each in the order of their ids; callers
-- serialise by an advisory lock, which they take before any row.

CREATE OR REPLACE FUNCTION providers_sharing_of(n bigint, confirmed timestamptz, confirm_above int, most int)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN n > most THEN 'STOPPED' WHEN n > confirm_above AND confirmed IS NULL THEN 'TO_CONFIRM' ELSE 'NONE' END
$$;

CREATE OR REPLACE FUNCTION providers_recount_sharing(numbers text[], at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    crowded text[];
BEGIN
    PERFORM FROM providers_entitlement e
    WHERE e.live AND e.stage IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED')
      AND e.record_id IN (SELECT r.id FROM providers_phonerecord r WHERE r.number = ANY (numbers))
    ORDER BY e.id
    FOR NO KEY UPDATE;

    WITH limits AS (
        SELECT coalesce(max(sharing_confirm_above), 3) AS confirm_above, coalesce(max(sharing_max), 10) AS most
        FROM schools_period WHERE is_current
    ), counted AS MATERIALIZED (
        SELECT number, count(*) FILTER (WHERE eligibility = 'OK') AS n
        FROM providers_phonerecord
        WHERE number = ANY (numbers) AND number <> ''
        GROUP BY number
    ), judged AS MATERIALIZED (
        SELECT r.id, c.n, providers_sharing_of(c.n, r.sharing_confirmed_at, l.confirm_above, l.most) AS sharing
        FROM providers_phonerecord r
        JOIN counted c ON c.number = r.number
        CROSS JOIN limits l
        WHERE (r.share_count, r.sharing) IS DISTINCT FROM
              (c.n, providers_sharing_of(c.n, r.sharing_confirmed_at, l.confirm_above, l.most))
        ORDER BY r.id
        FOR NO KEY UPDATE OF r
    )
    UPDATE providers_phonerecord r
    SET share_count = j.n, sharing = j.sharing
    FROM judged j
    WHERE r.id = j.id;
    GET DIAGNOSTICS changed = ROW_COUNT;

    -- The worst are kept in a list of their own; its floor is SharedNumber.KEPT_FROM.
    crowded := ARRAY(
        SELECT number FROM providers_phonerecord
        WHERE number = ANY (numbers) AND number <> '' AND eligibility = 'OK'
        GROUP BY number HAVING count(*) >= 4
    );
    INSERT INTO providers_sharednumber (number, recipients, schools, regencies)
    SELECT r.number, count(*), count(DISTINCT r.school_id), count(DISTINCT s.regency_code)
    FROM providers_phonerecord r
    JOIN schools_school s ON s.id = r.school_id
    WHERE r.number = ANY (crowded) AND r.eligibility = 'OK'
    GROUP BY r.number
    ORDER BY r.number
    ON CONFLICT (number) DO UPDATE
        SET (recipients, schools, regencies) = (EXCLUDED.recipients, EXCLUDED.schools, EXCLUDED.regencies)
        WHERE (providers_sharednumber.recipients, providers_sharednumber.schools, providers_sharednumber.regencies)
            <> (EXCLUDED.recipients, EXCLUDED.schools, EXCLUDED.regencies);
    DELETE FROM providers_sharednumber k WHERE k.number = ANY (numbers) AND k.number <> ALL (crowded);

    -- A period that is still being injected keeps its own limit.
    UPDATE providers_entitlement e
    SET stage = 'DROPPED', code = 'SHARED_STOPPED', stage_at = at
    FROM providers_phonerecord r, schools_period p
    WHERE r.number = ANY (numbers) AND e.record_id = r.id AND p.id = e.period_id AND r.share_count > p.sharing_max
      AND e.live AND e.stage IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED');
    RETURN changed;
END
$$;

-- reverse:
DROP FUNCTION IF EXISTS providers_recount_sharing(text[], timestamptz);
DROP FUNCTION IF EXISTS providers_sharing_of(bigint, timestamptz, int, int);
