-- Purpose: who is no longer a recipient is taken out of statements that were not released; the rest of each goes on. Whom
-- only the current period does not serve keeps a claim of the period before.
-- Inputs: cutoff_person. Output: providers_entitlement.
-- Locks: the changed claims and, by their trigger, their records.
UPDATE providers_entitlement e
SET stage = 'DROPPED', code = r.eligibility, stage_at = %(now)s
FROM cutoff_person p
JOIN providers_phonerecord r ON r.id = p.record_id
WHERE e.record_id = r.id AND e.live AND e.stage IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED') 
  AND r.eligibility NOT IN ('OK', 'NOT_SERVED', 'RECEIVES_PIP')
