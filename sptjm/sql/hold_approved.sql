-- Purpose: a piece of a release holds what it may move before it moves any: statements, then claims, each by their ids,
-- in the order in which everybody holds them.
-- Inputs: period, first, last: claims by their ids. Locks: their statements and the approved claims, until the
-- transaction ends.
WITH statements AS MATERIALIZED (
    SELECT s.id
    FROM sptjm_statement s
    WHERE s.id IN (
        SELECT l.statement_id
        FROM sptjm_statementline l
        JOIN providers_entitlement e ON e.id = l.entitlement_id
        WHERE e.id BETWEEN %(first)s AND %(last)s AND e.period_id = %(period)s AND e.live AND e.stage = 'APPROVED'
    )
    ORDER BY s.id
    FOR NO KEY UPDATE
), claims AS MATERIALIZED (
    SELECT e.id
    FROM providers_entitlement e
    WHERE e.id BETWEEN %(first)s AND %(last)s AND e.period_id = %(period)s AND e.live AND e.stage = 'APPROVED'
      AND (SELECT count(*) FROM statements) >= 0
    ORDER BY e.id
    FOR NO KEY UPDATE
)
SELECT count(*) FROM claims
