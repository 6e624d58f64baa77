-- Purpose: a number that was corrected while its provider was still asked for the old one, or whose prefix has another owner
-- since, can be asked now; the old line stays, marked stale, and its late answer is kept and counted but not applied.
-- Inputs: %(provider)s. Locks: those lines.
UPDATE providers_exchangeline l
SET live = false, is_stale = true
FROM providers_phonerecord r, providers_exchange x
WHERE r.provider_id = %(provider)s AND r.state = 'READY' AND r.eligibility = 'OK' AND r.asked_in_id IS NULL
  AND l.record_id = r.id AND l.purpose = 'MATCH' AND l.live AND x.id = l.exchange_id
  AND (l.number <> r.number OR x.provider_id <> r.provider_id)
