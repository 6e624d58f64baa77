-- Purpose: whoever changes places with somebody in the range is written in the same commit, wherever their school: rows of
-- the register that hold a place which a row of the range takes, and the new places of those who lose theirs.
-- Inputs: cutoff_student_due, which loses them, students_student. Output: cutoff_work; repeated until nobody is added.
-- Locks: none, the tables are the run's own.
WITH wanted AS (
    SELECT s.peserta_didik_id AS person_id, s.school_id
    FROM cutoff_work w
    JOIN students_student s ON s.peserta_didik_id = w.person_id AND s.school_id <> w.school_id
    WHERE w.eligibility = 'OK' AND s.eligibility = 'OK'
    UNION
    SELECT s.peserta_didik_id, s.school_id
    FROM cutoff_work w
    JOIN students_student s ON s.nisn = w.nisn AND s.peserta_didik_id <> w.person_id
    WHERE w.eligibility = 'OK' AND s.eligibility = 'OK' AND s.nisn <> ''
    UNION
    SELECT due.person_id, due.school_id
    FROM cutoff_work w
    JOIN cutoff_student_due due ON due.person_id = w.person_id AND due.school_id <> w.school_id
    WHERE w.was = 'OK' AND w.eligibility <> 'OK'
), taken AS (
    DELETE FROM cutoff_student_due due
    USING wanted
    WHERE due.school_id = wanted.school_id AND due.person_id = wanted.person_id
    RETURNING due.*
)
INSERT INTO cutoff_work SELECT * FROM taken
