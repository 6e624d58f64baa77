-- Purpose: hold the chosen claims, the open periods and the claims' records, in the order in which everybody does.
-- Inputs: order_chosen. Locks: those rows, until the transaction ends.
WITH claims AS MATERIALIZED (
    SELECT e.id FROM providers_entitlement e WHERE e.id IN (SELECT id FROM order_chosen) ORDER BY e.id FOR UPDATE
), periods AS MATERIALIZED (
    SELECT providers_hold_open_periods() WHERE (SELECT count(*) FROM claims) > 0
), records AS MATERIALIZED (
    SELECT r.id
    FROM providers_phonerecord r
    WHERE r.id IN (
        SELECT e.record_id FROM providers_entitlement e JOIN order_chosen c ON c.id = e.id
    ) AND (SELECT count(*) FROM periods) >= 0
    ORDER BY r.id
    FOR NO KEY UPDATE OF r
)
SELECT count(*) FROM records
