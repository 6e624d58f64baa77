-- Purpose: what the merge will do to people of each school, before it does anything; and what was set aside, by code.
-- Inputs: the people's side tables: rows, verdicts, what is due of them; cutoff_place, providers_phonerecord, the figures
-- of before.
-- Output: schools_cutofffigure, the rows of schools.
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
), due AS MATERIALIZED (
    SELECT d.person_id, d.school_id, d.row_id, d.was, d.eligibility, d.register_number, r.id AS record_id, r.school_id AS was_at,
           r.state, r.edited_at, r.number
    FROM {due} d
    LEFT JOIN providers_phonerecord r ON r.role = %(role)s AND r.person_id = d.person_id
), served AS (
    -- Joined below: asked row by row, a new semester that takes thousands away would read all of them for each.
    SELECT DISTINCT person_id FROM due WHERE eligibility = 'OK'
), kinds AS (
    SELECT d.school_id,
           CASE WHEN d.was IS NOT DISTINCT FROM d.eligibility THEN 'CHANGED'
                WHEN d.eligibility = 'OK' AND d.was_at <> d.school_id THEN 'MOVED_IN'
                WHEN d.eligibility = 'OK' AND d.row_id IS NULL THEN 'ENTERED'
                -- Not a recipient here any more, so that the row by which they are one is another school's.
                WHEN d.was = 'OK' AND served.person_id IS NOT NULL THEN 'MOVED_OUT'
                WHEN d.eligibility = 'LEFT' THEN 'LEFT'
                WHEN d.row_id IS NOT NULL THEN 'CHANGED'
           END AS kind
    FROM due d
    LEFT JOIN served ON served.person_id = d.person_id
), done AS (
    SELECT school_id, count(*) FILTER (WHERE kind = 'ENTERED') AS entered, count(*) FILTER (WHERE kind = 'MOVED_IN') AS moved_in,
           count(*) FILTER (WHERE kind = 'MOVED_OUT') AS moved_out, count(*) FILTER (WHERE kind = 'LEFT') AS "left",
           count(*) FILTER (WHERE kind = 'CHANGED') AS changed
    FROM kinds
    GROUP BY school_id
), told AS MATERIALIZED (
    -- Numbers that the register did not tell before, of people who have a record.
    SELECT d.school_id, d.number, d.state = 'EMPTY' AND d.edited_at IS NULL AS fills, providers_number(d.register_number) AS reading
    FROM due d
    WHERE d.eligibility = 'OK' AND d.record_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM {register} s WHERE s.{person_id} = d.person_id AND s.register_number = d.register_number
    )
), numbers AS (
    SELECT t.school_id, count(*) FILTER (WHERE t.fills AND t.reading <> 'EMPTY') AS supplied,
           count(*) FILTER (WHERE NOT t.fills AND owner.provider_id IS NOT NULL AND t.reading <> t.number) AS differs
    FROM told t
    LEFT JOIN providers_prefix_on((%(now)s::timestamptz AT TIME ZONE 'Asia/Jakarta')::date) AS owner
        ON owner.prefix = CASE WHEN left(t.reading, 1) = '+' THEN substr(t.reading, 4, 3)::int END
    GROUP BY t.school_id
), pending AS (
    SELECT school_id, sum(n) AS n
    FROM schools_tallydelta
    WHERE role = %(role)s AND metric NOT LIKE 'OUT:%%' AND metric <> 'OWNERSHIP_MISSING'
    GROUP BY school_id
)
SELECT %(run_id)s, place.regency_code, place.npsn, %(role)s,
       (
           SELECT coalesce(sum(f.n), 0)
           FROM schools_tally f
           WHERE f.school_id = place.id AND f.role = %(role)s AND f.metric NOT LIKE 'OUT:%%' AND f.metric <> 'OWNERSHIP_MISSING'
       ) + coalesce(pending.n, 0),
       coalesce(lines.read, 0), coalesce(lines.recipients, 0), coalesce(done.entered, 0), coalesce(done.moved_in, 0),
       coalesce(done.moved_out, 0), coalesce(done."left", 0), coalesce(done.changed, 0), coalesce(numbers.supplied, 0),
       coalesce(numbers.differs, 0), coalesce(lines.reasons, '{{}}')
FROM lines
FULL JOIN done ON done.school_id = lines.school_id
LEFT JOIN numbers ON numbers.school_id = done.school_id
JOIN cutoff_place place ON place.id = coalesce(lines.school_id, done.school_id)
LEFT JOIN pending ON pending.school_id = place.id
