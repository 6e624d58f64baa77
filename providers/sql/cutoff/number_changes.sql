-- Purpose: tell a school where the register tells a number that its record does not bear: an empty record that nobody edited
-- takes it, any other keeps what it has, since after the first cut-off numbers are corrected only here.
-- Inputs: cutoff_person, cutoff_number, providers_phonerecord as it was before. Output: schools_cutoffchange.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffchange (run_id, school_id, role, person_id, kind, code, other_npsn, offered)
SELECT %(run_id)s, p.school_id, %(role)s, p.person_id,
       CASE WHEN r.state = 'EMPTY' AND r.edited_at IS NULL THEN 'NUMBER_SUPPLIED' ELSE 'NUMBER_DIFFERS' END,
       n.code, '', p.register_number
FROM cutoff_person p
JOIN cutoff_number n ON n.person_id = p.person_id
JOIN providers_phonerecord r ON r.id = p.record_id
WHERE p.eligibility = 'OK'
  AND CASE WHEN r.state = 'EMPTY' AND r.edited_at IS NULL THEN n.state <> 'EMPTY'
           ELSE n.number <> '' AND n.number <> r.number END
ORDER BY p.school_id, p.person_id
