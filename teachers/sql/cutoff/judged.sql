-- Purpose: the verdict on every row, in the order of precedence, and which rows differ from the register.
-- Inputs: cutoff_teacher, cutoff_teacher_twin, cutoff_place, the current period's rules. Output: two views.
-- Locks: none, the views are the run's own.
CREATE VIEW cutoff_teacher_judged AS
SELECT v.line_no, v.origin, v.person_id, v.school_id, v.name, v.name_key, v.sex, v.birth_date, v.is_active, v.has_left,
       v.nuptk, v.ptk_type, v.is_home, v.register_number, v.eligibility,
       CASE WHEN v.eligibility IN ('DUPLICATE_SCHOOL') THEN coalesce(v.other, '') ELSE '' END AS other_npsn,
       CASE WHEN v.eligibility = 'NISN_CONFLICT' THEN v.similarity END AS name_similarity
FROM (
    SELECT c.*, t.other_npsn AS other, t.name_similarity AS similarity,
       CASE WHEN c.has_left OR place.has_left THEN 'LEFT'
            WHEN NOT c.is_active THEN 'INACTIVE'
            WHEN NOT place.is_synchronised THEN 'NOT_SYNCED'
            WHEN NOT c.is_home THEN 'NOT_HOME_SCHOOL'
            WHEN c.ptk_type IS NULL OR c.ptk_type <> ALL (%(teacher_types)s::int[]) THEN 'NOT_TEACHER'
            WHEN t.code IS NOT NULL THEN t.code
            WHEN place.jenjang <> ALL (%(served)s::text[]) THEN 'NOT_SERVED'
            ELSE 'OK'
       END AS eligibility
    FROM cutoff_teacher c
    JOIN cutoff_place place ON place.id = c.school_id
    LEFT JOIN cutoff_teacher_twin t ON t.person_id = c.person_id AND t.school_id = c.school_id
    WHERE c.problem IS NULL
) AS v;

CREATE VIEW cutoff_teacher_due AS
SELECT j.*, s.id AS row_id, s.eligibility AS was
FROM cutoff_teacher_judged j
-- OFFSET 0 keeps this a look into the index: hashing the register anew for every range would cost its size each time.
LEFT JOIN LATERAL (
    SELECT * FROM teachers_teacher r WHERE r.ptk_id = j.person_id AND r.school_id = j.school_id OFFSET 0
) AS s ON true
WHERE j.origin <> 'P'
  AND CASE WHEN s.id IS NULL THEN NOT j.has_left ELSE (
      s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.eligibility, s.other_npsn,
      s.name_similarity, s.register_number, s.nuptk, s.ptk_type, s.is_home
  ) IS DISTINCT FROM (
      j.name, j.name_key, j.sex, j.birth_date, j.is_active, j.has_left, j.eligibility, j.other_npsn,
      j.name_similarity, j.register_number, j.nuptk, j.ptk_type, j.is_home
  ) END
