-- Purpose: which numbers of a school look made up, the twin of providers/made_up.py: a question for the school, no refusal.
-- Inputs: the schools to look through. Output: looks_made_up of their records; how many really changed.
-- Locks: the changed records, in the order of their ids; callers serialise by an advisory lock, which they take before any row.

CREATE OR REPLACE FUNCTION providers_has_odd_digits(number text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT right(number, 7) = repeat(right(number, 1), 7)
        OR strpos('01234567890123456', right(number, 7)) > 0
        OR strpos('65432109876543210', right(number, 7)) > 0
$$;

CREATE OR REPLACE FUNCTION providers_judge_made_up(schools bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    doubtful bigint[];
    cleared bigint[];
BEGIN
    -- The records to change are found first and then held by their ids: few of many.
    WITH numbered AS (
        -- Neighbours have the same distance to their rank; a number that several recipients use has one rank.
        SELECT id, school_id, number, looks_made_up, n, n - dense_rank() OVER (PARTITION BY school_id ORDER BY n) AS run
        FROM (
            SELECT id, school_id, number, looks_made_up,
                   CASE WHEN number <> '' AND eligibility = 'OK' THEN substr(number, 2)::bigint END AS n
            FROM providers_phonerecord
            WHERE school_id = ANY (schools)
        ) AS records
    ), judged AS (
        SELECT id, looks_made_up,
               n IS NOT NULL AND (
                   providers_has_odd_digits(number)
                   OR max(n) OVER (PARTITION BY school_id, run) - min(n) OVER (PARTITION BY school_id, run) >= 4
               ) AS made_up
        FROM numbered
    )
    SELECT array_agg(id) FILTER (WHERE made_up), array_agg(id) FILTER (WHERE NOT made_up)
    INTO doubtful, cleared
    FROM judged
    WHERE made_up <> looks_made_up;
    PERFORM FROM providers_phonerecord WHERE id = ANY (doubtful || cleared) ORDER BY id FOR NO KEY UPDATE;
    UPDATE providers_phonerecord SET looks_made_up = true WHERE id = ANY (doubtful);
    UPDATE providers_phonerecord SET looks_made_up = false WHERE id = ANY (cleared);
    RETURN coalesce(cardinality(doubtful || cleared), 0);
END
$$;

-- reverse:
DROP FUNCTION IF EXISTS providers_judge_made_up(bigint[]);
DROP FUNCTION IF EXISTS providers_has_odd_digits(text);
