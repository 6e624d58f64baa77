-- Purpose: a record for everybody who is a recipient for the first time. A teacher's number is their own until the school
-- says otherwise. One sharer is the usual count; shared numbers are counted after the load.
-- Inputs: cutoff_person, cutoff_number. Output: providers_phonerecord.
-- Locks: the new rows.
INSERT INTO providers_phonerecord (
    role, person_id, school_id, grade, eligibility, typed, number, provider_id, source, state, code, state_at, ownership,
    share_count, sharing, looks_made_up, stage, version
)
SELECT %(role)s, p.person_id, p.school_id, p.grade, 'OK', p.register_number, n.number, n.provider_id, 'CUTOFF', n.state, n.code,
       %(now)s, CASE WHEN %(role)s = 'TEACHER' THEN 'OWN' ELSE '' END,
       CASE WHEN n.number = '' THEN 0 ELSE 1 END, 'NONE', false, '', 1
FROM cutoff_person p
JOIN cutoff_number n ON n.person_id = p.person_id
WHERE p.record_id IS NULL AND p.eligibility = 'OK'
ORDER BY p.school_id, p.person_id
ON CONFLICT (role, person_id) DO NOTHING
