-- Purpose: a record for every recipient of a range when the register was empty, as records_insert gives it; the ids are known.
-- Inputs: cutoff_person, cutoff_number. Output: providers_phonerecord.
-- Locks: the new rows. What must be unique is so by the judging; the indexes that watch over it may be built afterwards.
INSERT INTO providers_phonerecord (
    id, role, person_id, school_id, grade, eligibility, typed, number, provider_id, source, state, code, state_at, ownership,
    share_count, sharing, looks_made_up, stage, version
)
SELECT p.new_id, %(role)s, p.person_id, p.school_id, p.grade, 'OK', p.register_number, n.number, n.provider_id, 'CUTOFF', n.state, n.code,
       %(now)s, CASE WHEN %(role)s = 'TEACHER' THEN 'OWN' ELSE '' END,
       CASE WHEN n.number = '' THEN 0 ELSE 1 END, 'NONE', false, '', 1
FROM cutoff_person p
JOIN cutoff_number n ON n.person_id = p.person_id
ORDER BY p.new_id
