-- Purpose: a number that was corrected while its provider was still asked for the old one, or whose prefix has another owner
-- since, can be asked now; the old line stays, marked stale, and its late answer is kept and counted but not applied.
-- Inputs: %(provider)s, records %(first)s to %(last)s.
-- Locks: those lines and records; one that somebody holds right now waits for the next dump.
WITH old AS MATERIALIZED (
    SELECT l.id
    FROM providers_phonerecord r
    JOIN providers_exchangeline l ON l.record_id = r.id AND l.purpose = 'MATCH' AND l.live
    JOIN providers_exchange x ON x.id = l.exchange_id
    WHERE r.provider_id = %(provider)s AND r.state = 'READY' AND r.eligibility = 'OK' AND r.asked_in_id IS NULL
      AND r.id BETWEEN %(first)s AND %(last)s
      AND (l.number <> r.number OR x.provider_id <> r.provider_id)
    ORDER BY l.id
    FOR NO KEY UPDATE OF l, r SKIP LOCKED
)
UPDATE providers_exchangeline l SET live = false, is_stale = true FROM old WHERE l.id = old.id
