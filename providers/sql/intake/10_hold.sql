-- Purpose: hold what is about to change in the order in which everybody holds it: claims, open periods, records, by
-- their ids. A record stands for its lines as well: nobody answers a line without holding its record.
-- Inputs: answer_found, %(purpose)s. Output: answer_held, the records as they stand now. Locks: those rows, until the
-- transaction ends.
CREATE TEMP TABLE answer_held ON COMMIT DROP AS
WITH claims AS MATERIALIZED (
    SELECT e.id
    FROM (
        SELECT DISTINCT record_id FROM answer_found
        WHERE is_sent AND (%(purpose)s = 'INJECT' OR outcome NOT IN ('ACTIVE', 'POSTPAID'))
    ) f
    JOIN providers_entitlement e ON e.record_id = f.record_id AND NOT e.closed
    ORDER BY e.id
    FOR UPDATE OF e
), periods AS MATERIALIZED (
    SELECT providers_hold_open_periods() WHERE (SELECT count(*) FROM claims) > 0
), records AS MATERIALIZED (
    SELECT r.id, r.number, r.provider_id, r.answered_at, r.share_count
    FROM providers_phonerecord r
    WHERE r.id IN (SELECT record_id FROM answer_found WHERE is_sent) AND (SELECT count(*) FROM periods) >= 0
    ORDER BY r.id
    FOR NO KEY UPDATE OF r
)
SELECT * FROM records;
ANALYZE answer_held (id)
