-- Purpose: the figures of one school, folded and pending. Inputs: %(school_id)s. Locks: none.
SELECT s.jenjang, f.role, f.metric, f.provider_id, sum(f.n)::bigint
FROM (
    SELECT role, metric, provider_id, n FROM schools_tally WHERE school_id = %(school_id)s
    UNION ALL
    SELECT role, metric, provider_id, n FROM schools_tallydelta WHERE school_id = %(school_id)s
) AS f
CROSS JOIN (SELECT jenjang FROM schools_school WHERE id = %(school_id)s) AS s
GROUP BY s.jenjang, f.role, f.metric, f.provider_id
