-- Purpose: the figures of the parts of a region, folded and pending.
-- Inputs: %(like)s picks the codes of the parts, %(not_like)s and %(itself)s leave out the nation and the region itself,
-- %(jenjang)s (empty array: all). Locks: none.
SELECT f.region_code, f.jenjang, f.role, f.metric, f.provider_id, sum(f.n)::bigint
FROM (
    SELECT region_code, jenjang, role, metric, provider_id, n FROM schools_rollup
    UNION ALL
    SELECT part.code, s.jenjang, d.role, d.metric, d.provider_id, d.n
    FROM schools_tallydelta d
    JOIN schools_school s ON s.id = d.school_id
    CROSS JOIN LATERAL (VALUES (s.regency_code), (s.province_code)) AS part (code)
) AS f
WHERE f.region_code LIKE %(like)s
  AND f.region_code NOT IN (%(not_like)s, %(itself)s)
  AND (cardinality(%(jenjang)s::text[]) = 0 OR f.jenjang = ANY (%(jenjang)s::text[]))
GROUP BY f.region_code, f.jenjang, f.role, f.metric, f.provider_id
