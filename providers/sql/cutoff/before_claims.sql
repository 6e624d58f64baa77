-- Purpose: keep the claims that will fall out as they are, for taking the cut-off back.
-- Inputs: cutoff_person, providers_phonerecord as it is now. Output: schools_cutoffbefore.
-- Locks: none; the claims are held already.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, school_id, old)
SELECT %(run_id)s, 'CLAIM', e.id, e.school_id, jsonb_build_object('stage', e.stage, 'code', e.code, 'stage_at', e.stage_at)
FROM cutoff_person c
JOIN providers_phonerecord r ON r.id = c.record_id AND r.eligibility <> 'OK'
JOIN providers_entitlement e ON e.record_id = r.id AND e.live AND e.stage IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED')
JOIN schools_period p ON p.id = e.period_id AND (p.is_current OR r.eligibility NOT IN ('NOT_SERVED', 'RECEIVES_PIP'))
ON CONFLICT DO NOTHING
