-- Purpose: tell each school what the cut-off does to its pupils. A school that had none before is told nothing: its whole
-- list is new.
-- Inputs: cutoff_work, cutoff_person, students_student as it was before. Output: schools_cutoffchange.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffchange (run_id, school_id, role, person_id, kind, code, other_npsn, offered)
WITH known AS (
    SELECT DISTINCT w.school_id
    FROM cutoff_work w
    WHERE EXISTS (SELECT FROM students_student s WHERE s.school_id = w.school_id)
), told AS (
    SELECT w.school_id, w.person_id, w.eligibility, w.other_npsn, p.was_school_id, p.school_id AS now_at,
           CASE WHEN w.eligibility = 'OK' AND p.was_school_id <> w.school_id THEN 'MOVED_IN'
                WHEN w.eligibility = 'OK' AND w.row_id IS NULL THEN 'ENTERED'
                WHEN w.was = 'OK' AND p.eligibility = 'OK' AND p.school_id <> w.school_id THEN 'MOVED_OUT'
                WHEN w.eligibility = 'LEFT' THEN 'LEFT'
                ELSE 'ELIGIBILITY'
           END AS kind
    FROM cutoff_work w
    JOIN known ON known.school_id = w.school_id
    JOIN cutoff_person p ON p.person_id = w.person_id
    WHERE w.was IS DISTINCT FROM w.eligibility
)
SELECT %(run_id)s, t.school_id, 'STUDENT', t.person_id, t.kind,
       CASE WHEN t.kind = 'ELIGIBILITY' THEN t.eligibility ELSE '' END,
       CASE t.kind WHEN 'MOVED_IN' THEN before.npsn WHEN 'MOVED_OUT' THEN after.npsn ELSE t.other_npsn END, ''
FROM told t
LEFT JOIN schools_school before ON before.id = t.was_school_id
LEFT JOIN schools_school after ON after.id = t.now_at
ORDER BY t.school_id, t.person_id
