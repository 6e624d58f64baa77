-- Purpose: the next piece of a dump: whose number is to be asked becomes a frozen line, and the record knows who asked.
-- Inputs: %(exchange)s, %(provider)s, %(before)s lines that are there already, %(most)s lines at most.
-- Whether a record is asked already is looked up one by one: as a join, a plan made before the first lines lie there
-- compares every record with every line.
-- Locks: the asked records; one that somebody edits right now waits for the next dump. Callers serialise per provider.
WITH due AS (
    (SELECT r.id FROM providers_phonerecord r
     WHERE r.provider_id = %(provider)s AND r.state = 'READY' AND r.eligibility = 'OK' AND r.asked_in_id IS NULL
       AND r.sharing <> 'STOPPED'
       AND (SELECT l.id FROM providers_exchangeline l
            WHERE l.purpose = 'MATCH' AND l.record_id = r.id AND l.live LIMIT 1) IS NULL
     ORDER BY r.id LIMIT %(most)s)
    UNION
    (SELECT r.id FROM providers_phonerecord r
     WHERE r.provider_id = %(provider)s AND r.recheck_wanted_at IS NOT NULL AND r.eligibility = 'OK' AND r.number <> ''
       AND (SELECT l.id FROM providers_exchangeline l
            WHERE l.purpose = 'MATCH' AND l.record_id = r.id AND l.live LIMIT 1) IS NULL
     ORDER BY r.id LIMIT %(most)s)
), asked AS MATERIALIZED (
    SELECT r.id, r.person_id, r.grade, r.number, s.npsn
    FROM due
    JOIN providers_phonerecord r ON r.id = due.id
    JOIN schools_school s ON s.id = r.school_id
    ORDER BY r.id LIMIT %(most)s
    FOR NO KEY UPDATE OF r SKIP LOCKED
), frozen AS (
    INSERT INTO providers_exchangeline
        (exchange_id, purpose, line_no, record_id, person_id, grade, npsn, number,
         outcome, code, is_stale, is_contradicted, live)
    SELECT %(exchange)s, 'MATCH', %(before)s + row_number() OVER (ORDER BY id), id, person_id, grade, npsn, number,
           '', '', false, false, true
    FROM asked
)
UPDATE providers_phonerecord r
SET asked_in_id = %(exchange)s, recheck_wanted_at = NULL
FROM asked
WHERE r.id = asked.id
