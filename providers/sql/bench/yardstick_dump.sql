-- Purpose: the least that a dump can be: the rows that are due, written out. Inputs: none. Locks: none.
COPY (
    SELECT 1 AS batch, row_number() OVER () AS line, r.person_id AS pd_id, r.grade AS tingkat_pendidikan, s.npsn,
           substr(r.number, 2) AS no_ponsel
    FROM providers_phonerecord r
    JOIN schools_school s ON s.id = r.school_id
    WHERE r.state = 'READY' AND r.eligibility = 'OK' AND r.asked_in_id IS NULL AND r.sharing <> 'STOPPED'
) TO STDOUT (FORMAT csv, HEADER)
