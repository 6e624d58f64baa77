-- Purpose: a release holds all claims that it may move before it moves any, by their ids, in the order in which everybody
-- holds claims.
-- Inputs: period. Locks: the period's approved claims, until the transaction ends.
SELECT count(*) FROM (
    SELECT FROM providers_entitlement
    WHERE period_id = %(period)s AND live AND stage = 'APPROVED'
    ORDER BY id
    FOR NO KEY UPDATE
) AS held
