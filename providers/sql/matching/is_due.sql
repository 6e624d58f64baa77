-- Purpose: which providers have something to be asked; two short looks into partial indexes each.
-- Inputs: none. Locks: none.
SELECT p.code
FROM providers_provider p
WHERE p.is_active AND (
    EXISTS (SELECT FROM providers_phonerecord r
            WHERE r.provider_id = p.code AND r.state = 'READY' AND r.eligibility = 'OK' AND r.asked_in_id IS NULL
              AND r.sharing <> 'STOPPED'
              AND (SELECT l.id FROM providers_exchangeline l
                   JOIN providers_exchange x ON x.id = l.exchange_id AND x.provider_id = r.provider_id
                   WHERE l.purpose = 'MATCH' AND l.record_id = r.id AND l.live AND l.number = r.number LIMIT 1) IS NULL)
    OR EXISTS (SELECT FROM providers_phonerecord r
               WHERE r.provider_id = p.code AND r.recheck_wanted_at IS NOT NULL AND r.eligibility = 'OK' AND r.number <> ''
                 AND (SELECT l.id FROM providers_exchangeline l WHERE l.purpose = 'MATCH' AND l.record_id = r.id
                      AND l.live LIMIT 1) IS NULL))
ORDER BY p.code
