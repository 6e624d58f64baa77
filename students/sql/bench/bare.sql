-- Purpose: fifty pupils of a school with their numbers, as plainly as can be.
-- Inputs: the school's NPSN. Locks: none.
SELECT s.name, r.number, r.state, r.ownership
FROM students_student s
JOIN schools_school c ON c.id = s.school_id
JOIN providers_phonerecord r ON r.id = s.record_id
WHERE c.npsn = %s AND s.eligibility = 'OK'
ORDER BY s.name, s.id
LIMIT 50
