-- Purpose: the recipients of the range when the register was empty: nobody has a record yet, each is given the id of theirs.
-- Inputs: cutoff_work. Output: cutoff_person, as persons makes it, with new_id beside.
-- Locks: none; ids are taken from the sequence and may stay unused.
CREATE TEMP TABLE cutoff_person ON COMMIT DROP AS
SELECT p.*, nextval('providers_phonerecord_id_seq') AS new_id
FROM (
    SELECT w.person_id, w.school_id, coalesce(w.grade, 0) AS grade, w.eligibility, w.register_number, NULL::bigint AS record_id,
           NULL::bigint AS was_school_id, false AS is_told_anew
    FROM cutoff_work w
    WHERE w.eligibility = 'OK'
    ORDER BY w.school_id, w.person_id
) AS p
