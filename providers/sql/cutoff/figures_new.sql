-- Purpose: what the merge will do to people of each school when the register has none yet: every recipient enters.
-- Inputs: the people's side tables: rows and verdicts, cutoff_place. Output: schools_cutofffigure, the rows of schools.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutofffigure (
    run_id, region_code, npsn, role, registered, read, recipients, entered, moved_in, moved_out, "left", changed,
    number_supplied, number_differs, reasons
)
WITH coded AS (
    SELECT school_id, eligibility AS code, count(*) AS n
    FROM {judged} WHERE origin = 'B' GROUP BY school_id, eligibility
    UNION ALL
    SELECT school_id, problem, count(*)
    FROM {people} WHERE problem IS NOT NULL AND school_id IS NOT NULL GROUP BY school_id, problem
), lines AS (
    SELECT school_id, sum(n) AS read, coalesce(sum(n) FILTER (WHERE code = 'OK'), 0) AS recipients,
           coalesce(jsonb_object_agg(code, n) FILTER (WHERE code <> 'OK'), '{{}}') AS reasons
    FROM coded
    GROUP BY school_id
)
SELECT %(run_id)s, place.regency_code, place.npsn, %(role)s, 0, lines.read, lines.recipients, lines.recipients, 0, 0, 0, 0, 0,
       0, lines.reasons
FROM lines
JOIN cutoff_place place ON place.id = lines.school_id
