-- Purpose: invented recipients of Telkomsel whose numbers wait to be asked, 250 to a school.
-- Inputs: %(rows)s, %(now)s. Locks: none; only for a benchmark's own database.
INSERT INTO providers_phonerecord
    (role, person_id, school_id, grade, eligibility, typed, number, provider_id, source, state, code, state_at, ownership,
     share_count, sharing, looks_made_up, stage, version)
SELECT 'STUDENT', gen_random_uuid(), s.id, 4, 'OK', '0812' || lpad(n::text, 8, '0'), '+62812' || lpad(n::text, 8, '0'),
       'TELKOMSEL', 'CUTOFF', 'READY', '', %(now)s, '', 1, 'NONE', false, '', 1
FROM generate_series(0, %(rows)s - 1) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM schools_school) AS s ON s.place = n / 250
