-- Purpose: one row for each person of the range with where they belong now: the school where they are a recipient, else
-- the one that keeps their number, else any. is_told_anew says that the register tells a number it did not tell before.
-- Inputs: cutoff_work, students_student, providers_phonerecord. Output: cutoff_person.
-- Locks: none.
CREATE TEMP TABLE cutoff_person ON COMMIT DROP AS
WITH found AS (
    SELECT w.person_id, w.school_id, coalesce(w.grade, 0) AS grade, w.eligibility, w.register_number, r.id AS record_id,
           r.school_id AS was_school_id
    FROM cutoff_work w
    LEFT JOIN LATERAL (
        SELECT * FROM providers_phonerecord o WHERE o.role = 'STUDENT' AND o.person_id = w.person_id OFFSET 0
    ) AS r ON true
), every AS (
    SELECT * FROM found
    UNION ALL
    SELECT f.person_id, s.school_id, coalesce(s.grade, 0), s.eligibility, s.register_number, f.record_id, f.was_school_id
    FROM (SELECT DISTINCT person_id, record_id, was_school_id FROM found WHERE record_id IS NOT NULL) AS f
    JOIN students_student s ON s.peserta_didik_id = f.person_id
    WHERE NOT EXISTS (SELECT FROM cutoff_work w WHERE w.row_id = s.id)
)
SELECT DISTINCT ON (e.person_id) e.*,
       e.record_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM students_student s WHERE s.peserta_didik_id = e.person_id AND s.register_number = e.register_number
       ) AS is_told_anew
FROM every e
ORDER BY e.person_id, e.eligibility = 'OK' DESC, e.school_id = e.was_school_id DESC NULLS LAST, e.school_id
