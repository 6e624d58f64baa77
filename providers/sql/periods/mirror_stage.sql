-- Purpose: a record shows the stage of its claim in the period that is current now.
-- Inputs: %(period)s the current period, schools %(first)s to %(last)s. Locks: the changed records.
UPDATE providers_phonerecord r
SET stage = claim.stage
FROM (
    SELECT r.id, coalesce(e.stage, '') AS stage
    FROM providers_phonerecord r
    LEFT JOIN providers_entitlement e ON e.record_id = r.id AND e.period_id = %(period)s AND e.live
    WHERE r.school_id BETWEEN %(first)s AND %(last)s
) AS claim
WHERE r.id = claim.id AND r.stage <> claim.stage
