-- Purpose: sum what the schools' figures say for each kab/kota, province and the nation.
-- Inputs: schools_cutofffigure, the schools' rows of the run. Output: schools_cutofffigure, rows with an empty npsn.
-- Locks: none beyond the new rows; rows that an earlier attempt laid down are deleted by whoever fills the schools' rows.
INSERT INTO schools_cutofffigure (
    run_id, region_code, npsn, role, registered, read, recipients, entered, moved_in, moved_out, "left", changed,
    number_supplied, number_differs, reasons
)
WITH placed AS NOT MATERIALIZED (
    SELECT place.code, f.*
    FROM schools_cutofffigure f
    -- A school may lie right below its province: it counts there once.
    CROSS JOIN LATERAL (
        SELECT DISTINCT code FROM (VALUES (f.region_code), (left(f.region_code, 2) || '0000'), ('000000')) AS v (code)
    ) AS place
    WHERE f.run_id = %(run_id)s AND f.npsn <> ''
), reasons AS (
    SELECT code, role, jsonb_object_agg(reason, n) AS reasons
    FROM (
        SELECT p.code, p.role, r.key AS reason, sum(r.value::int) AS n
        FROM placed p
        CROSS JOIN LATERAL jsonb_each_text(p.reasons) AS r
        WHERE p.reasons <> '{}'
        GROUP BY p.code, p.role, r.key
    ) AS counted
    GROUP BY code, role
)
SELECT %(run_id)s, p.code, '', p.role, sum(registered), sum(read), sum(recipients), sum(entered), sum(moved_in),
       sum(moved_out), sum("left"), sum(changed), sum(number_supplied), sum(number_differs), coalesce(r.reasons, '{}')
FROM placed p
LEFT JOIN reasons r ON r.code = p.code AND r.role = p.role
GROUP BY p.code, p.role, r.reasons
