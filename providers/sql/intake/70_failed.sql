-- Purpose: a failed or reversed injection opens the school's repair: the number is not usable until it is asked again or
-- changed, unless something later is known of it.
-- Inputs: answer_standing, %(now)s, %(reasons)s the published ones. Locks: those records (held already).
UPDATE providers_phonerecord r
SET state = 'FAILED', state_at = %(now)s, answered_at = s.latest,
    code = CASE WHEN s.code = ANY (%(reasons)s) THEN left(s.code, 24) ELSE 'OTHER' END
FROM answer_standing s
WHERE r.id = s.record_id AND NOT s.is_stale AND s.outcome IN ('FAILED', 'REVERSED')
  AND (r.answered_at IS NULL OR r.answered_at <= s.latest)
