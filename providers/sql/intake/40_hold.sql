-- Purpose: hold what is about to change in the order in which everybody holds it: claims, open periods, records, by
-- their ids.
-- Inputs: answer_standing, %(purpose)s. Locks: those rows, until the transaction ends.
WITH claims AS MATERIALIZED (
    SELECT e.id
    FROM answer_standing s
    JOIN providers_entitlement e ON e.record_id = s.record_id AND NOT e.closed
    WHERE %(purpose)s = 'INJECT' OR s.outcome NOT IN ('ACTIVE', 'POSTPAID')
    ORDER BY e.id
    FOR UPDATE OF e
), periods AS MATERIALIZED (
    SELECT providers_hold_open_periods() WHERE (SELECT count(*) FROM claims) > 0
), records AS MATERIALIZED (
    SELECT r.id
    FROM providers_phonerecord r
    WHERE r.id IN (SELECT record_id FROM answer_standing) AND (SELECT count(*) FROM periods) >= 0
    ORDER BY r.id
    FOR NO KEY UPDATE OF r
)
SELECT count(*) FROM records
