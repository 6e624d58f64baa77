-- Purpose: answers age. A usable number whose answer is too old for the period, and one that was in grace, is asked again
-- by itself, unless its quota is already on its way.
-- Inputs: %(too_old)s, %(grace_old)s, %(now)s, %(most)s records at most. Locks: those records.
WITH old AS (
    SELECT r.id FROM providers_phonerecord r
    WHERE r.recheck_wanted_at IS NULL AND r.asked_in_id IS NULL AND r.eligibility = 'OK'
      AND r.stage NOT IN ('RELEASED', 'INJECTED')
      AND ((r.state IN ('ACTIVE', 'POSTPAID') AND r.answered_at < %(too_old)s)
           OR (r.state = 'GRACE' AND r.answered_at < %(grace_old)s))
    LIMIT %(most)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE providers_phonerecord r SET recheck_wanted_at = %(now)s FROM old WHERE r.id = old.id
