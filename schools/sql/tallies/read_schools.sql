-- Purpose: the figures of several schools, folded and pending. Inputs: %(ids)s. Locks: none.
SELECT f.school_id, s.jenjang, f.role, f.metric, f.provider_id, sum(f.n)::bigint
FROM (
    SELECT school_id, role, metric, provider_id, n FROM schools_tally WHERE school_id = ANY (%(ids)s)
    UNION ALL
    SELECT school_id, role, metric, provider_id, n FROM schools_tallydelta WHERE school_id = ANY (%(ids)s)
) AS f
JOIN schools_school s ON s.id = f.school_id
GROUP BY f.school_id, s.jenjang, f.role, f.metric, f.provider_id
