-- Purpose: write the verdicts that the current period changed.
-- Inputs: cutoff_person. Output: teachers_teacher.
-- Locks: the changed rows.
UPDATE teachers_teacher s
SET eligibility = p.eligibility, record_id = coalesce(s.record_id, r.id)
FROM cutoff_person p
LEFT JOIN providers_phonerecord r ON r.role = %(role)s AND r.person_id = p.person_id
WHERE s.id = p.row_id
