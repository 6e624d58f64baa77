-- Purpose: what has no fresh answer is asked again by itself. Inputs: order_judged, %(now)s.
-- Locks: those records (held already).
UPDATE providers_phonerecord r
SET recheck_wanted_at = %(now)s
FROM order_judged j
WHERE r.id = j.record_id AND j.verdict = 'asked_again' AND r.recheck_wanted_at IS NULL AND r.asked_in_id IS NULL
