-- Purpose: hold the chosen claims, then their records, in the order in which everybody holds them.
-- Inputs: order_chosen. Locks: those rows, until the transaction ends.
WITH claims AS MATERIALIZED (
    SELECT e.id FROM providers_entitlement e WHERE e.id IN (SELECT id FROM order_chosen) ORDER BY e.id FOR UPDATE
), records AS MATERIALIZED (
    SELECT r.id
    FROM providers_phonerecord r
    WHERE r.id IN (
        SELECT e.record_id FROM providers_entitlement e JOIN order_chosen c ON c.id = e.id
    ) AND (SELECT count(*) FROM claims) >= 0
    ORDER BY r.id
    FOR NO KEY UPDATE OF r
)
SELECT count(*) FROM records
