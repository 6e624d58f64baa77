-- Purpose: what is to be written for a range of schools when the register was empty: every row.
-- Inputs: cutoff_teacher_judged. Output: cutoff_work.
-- Locks: none.
CREATE TEMP TABLE cutoff_work ON COMMIT DROP AS
SELECT j.*, NULL::bigint AS row_id, NULL::text AS was
FROM cutoff_teacher_judged j
WHERE j.school_id BETWEEN %(first)s AND %(last)s AND NOT j.has_left
