-- Purpose: a stated number found unusable leaves its statement with the reason; the rest of the statement goes on.
-- What a claim has lost it does not get back by a later answer: the school was told, and states the number again.
-- Inputs: answer_standing, %(now)s. Locks: those claims (held already).
UPDATE providers_entitlement e
SET stage = 'DROPPED', code = r.state, stage_at = %(now)s
FROM answer_standing s
JOIN providers_phonerecord r ON r.id = s.record_id
WHERE s.outcome NOT IN ('ACTIVE', 'POSTPAID', 'SUCCEEDED') AND e.record_id = r.id AND e.number = r.number AND e.live
  AND e.stage IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED')
  AND r.state NOT IN ('ACTIVE', 'POSTPAID')
