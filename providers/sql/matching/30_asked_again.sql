-- Purpose: what was wanted to be asked again is being asked: its wish is fulfilled in the same commit.
-- Inputs: %(exchange)s, %(provider)s, records %(first)s to %(last)s. Locks: those records.
WITH asked AS MATERIALIZED (
    SELECT r.id
    FROM providers_phonerecord r
    WHERE r.provider_id = %(provider)s AND r.recheck_wanted_at IS NOT NULL AND r.id BETWEEN %(first)s AND %(last)s
      AND EXISTS (SELECT FROM providers_exchangeline l
                  WHERE l.record_id = r.id AND l.exchange_id = %(exchange)s AND l.purpose = 'MATCH' AND l.live AND l.number = r.number)
    ORDER BY r.id
    FOR NO KEY UPDATE OF r
)
UPDATE providers_phonerecord r
SET asked_in_id = %(exchange)s, recheck_wanted_at = NULL
FROM asked
WHERE r.id = asked.id
