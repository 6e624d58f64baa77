-- Purpose: the schools of a kab/kota that have people in any of the given cells, most first; folded and pending.
-- Inputs: %(regency)s, %(metrics)s, %(role)s (empty: both), %(jenjang)s (empty array: all). Locks: none.
SELECT f.school_id, sum(f.n)::bigint AS n
FROM (
    SELECT school_id, role, metric, n FROM schools_tally
    UNION ALL
    SELECT school_id, role, metric, n FROM schools_tallydelta
) AS f
JOIN schools_school s ON s.id = f.school_id
WHERE s.regency_code = %(regency)s
  AND f.metric = ANY (%(metrics)s)
  AND %(role)s IN ('', f.role)
  AND (cardinality(%(jenjang)s::text[]) = 0 OR s.jenjang = ANY (%(jenjang)s::text[]))
GROUP BY f.school_id
HAVING sum(f.n) > 0
ORDER BY n DESC, f.school_id
