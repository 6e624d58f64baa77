-- Purpose: who is no longer a recipient is taken out of statements that were not released; the rest of each goes on. Whom
-- only the current period does not serve keeps a claim of a period before, but not one of the current period.
-- Inputs: cutoff_person. Output: providers_entitlement.
-- Locks: the changed claims and, by their trigger, their records.
UPDATE providers_entitlement e
SET stage = 'DROPPED', code = r.eligibility, stage_at = %(now)s
FROM cutoff_person c
JOIN providers_phonerecord r ON r.id = c.record_id AND r.eligibility <> 'OK', schools_period p
WHERE e.record_id = r.id AND e.live AND e.stage IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED') AND p.id = e.period_id
  AND (p.is_current OR r.eligibility NOT IN ('NOT_SERVED', 'RECEIVES_PIP'))
