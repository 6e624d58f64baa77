-- Purpose: one part of a dump: whose number is to be asked becomes a frozen line.
-- Inputs: %(exchange)s, %(provider)s, records %(first)s to %(last)s, %(before)s the line number before the first, %(most)s.
-- Whether a record is asked already is looked up one by one, unless nobody of the range is, and only by index: a plan made
-- before the first lines lie there would read all of them for each record.
-- Locks: none on records: a line holds the number as it was, and one that is corrected meanwhile makes it stale. That no
-- record is asked twice at once is kept by the index of live questions, on which another dump's work waits.
SELECT set_config('enable_seqscan', 'off', true), set_config('work_mem', '64MB', true);
INSERT INTO providers_exchangeline
    (exchange_id, purpose, line_no, record_id, person_id, grade, npsn, number,
     outcome, code, is_stale, is_contradicted, live)
SELECT %(exchange)s, 'MATCH', %(before)s + row_number() OVER (ORDER BY due.id), due.id, due.person_id, due.grade, s.npsn,
       due.number, '', '', false, false, true
FROM (
    SELECT r.id, r.person_id, r.grade, r.number, r.school_id
    FROM providers_phonerecord r
    WHERE r.provider_id = %(provider)s AND r.state = 'READY' AND r.eligibility = 'OK' AND r.asked_in_id IS NULL
      AND r.recheck_wanted_at IS NULL AND r.sharing <> 'STOPPED' AND r.id BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT r.id, r.person_id, r.grade, r.number, r.school_id
    FROM providers_phonerecord r
    WHERE r.provider_id = %(provider)s AND r.recheck_wanted_at IS NOT NULL AND r.eligibility = 'OK' AND r.number <> ''
      AND r.id BETWEEN %(first)s AND %(last)s
) due
JOIN schools_school s ON s.id = due.school_id
WHERE (SELECT NOT EXISTS (SELECT FROM providers_exchangeline a
                          WHERE a.purpose = 'MATCH' AND a.live AND a.record_id BETWEEN %(first)s AND %(last)s))
   OR (SELECT l.id FROM providers_exchangeline l
       WHERE l.purpose = 'MATCH' AND l.record_id = due.id AND l.live LIMIT 1) IS NULL
ORDER BY due.id
LIMIT %(most)s
