-- Purpose: the published numbers that are still being asked of the same provider say so in the school's list and in the figures.
-- Inputs: %(exchange)s, lines %(first_key)s to %(last_key)s by their keys. Locks: those records (held already).
UPDATE providers_phonerecord r
SET asked_in_id = %(exchange)s
FROM providers_exchangeline l
JOIN providers_exchange x ON x.id = l.exchange_id
WHERE l.id BETWEEN %(first_key)s AND %(last_key)s AND l.live
  AND r.id = l.record_id AND (r.number, r.provider_id) = (l.number, x.provider_id)
  AND r.state = 'READY' AND r.asked_in_id IS NULL
