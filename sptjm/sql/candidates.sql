-- Purpose: everybody of a school whose number is usable, as they would stand in an annex, and why they may not be stated now
-- (refusal, NULL when they may).
-- Inputs: school, period, now. Order: pupils by grade, class and name, then teachers by name.
-- Locks: none; who goes on to write holds those of lock_candidates.
SELECT
    r.id AS record_id,
    r.role,
    r.person_id,
    r.number,
    r.provider_id,
    provider.name AS provider_name,
    r.ownership,
    coalesce(s.name, t.name, '') AS name,
    coalesce(s.nisn, t.nuptk, '') AS identity,
    coalesce(s.class_name, '') AS class_name,
    CASE
        WHEN s.id IS NULL AND t.id IS NULL THEN 'NOT_ELIGIBLE'
        ELSE providers_claim_refusal(r, p, %(now)s)
    END AS refusal
FROM providers_phonerecord r
JOIN schools_period p ON p.id = %(period)s
JOIN providers_provider provider ON provider.code = r.provider_id
LEFT JOIN students_student s
    ON r.role = 'STUDENT' AND s.record_id = r.id AND s.school_id = r.school_id AND s.eligibility = 'OK'
LEFT JOIN teachers_teacher t
    ON r.role = 'TEACHER' AND t.record_id = r.id AND t.school_id = r.school_id AND t.eligibility = 'OK'
WHERE r.school_id = %(school)s AND r.cell = 'USABLE'
ORDER BY r.role, s.grade NULLS LAST, s.class_name, coalesce(s.name_key, t.name_key), r.id
