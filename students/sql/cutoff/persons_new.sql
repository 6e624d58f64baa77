-- Purpose: the recipients of the range when the register was empty: nobody has a record yet.
-- Inputs: cutoff_work. Output: cutoff_person, as persons makes it.
-- Locks: none.
CREATE TEMP TABLE cutoff_person ON COMMIT DROP AS
SELECT w.person_id, w.school_id, coalesce(w.grade, 0) AS grade, w.eligibility, w.register_number, NULL::bigint AS record_id,
       NULL::bigint AS was_school_id, false AS is_told_anew
FROM cutoff_work w
WHERE w.eligibility = 'OK'
