-- Purpose: the figures of the parts of a region, folded and pending, summed over jenjang and providers: hundreds of rows
-- instead of ten thousands.
-- Inputs: %(codes)s of the parts, %(jenjang)s (empty array: all). Locks: none.
SELECT f.region_code, '' AS jenjang, f.role, f.metric, '' AS provider_id, sum(f.n)::bigint
FROM (
    SELECT region_code, jenjang, role, metric, n FROM schools_rollup WHERE region_code = ANY (%(codes)s)
    UNION ALL
    SELECT part.code, s.jenjang, d.role, d.metric, d.n
    FROM schools_tallydelta d
    JOIN schools_school s ON s.id = d.school_id
    CROSS JOIN LATERAL (VALUES (s.regency_code), (s.province_code)) AS part (code)
    WHERE part.code = ANY (%(codes)s)
) AS f
WHERE cardinality(%(jenjang)s::text[]) = 0 OR f.jenjang = ANY (%(jenjang)s::text[])
GROUP BY f.region_code, f.role, f.metric
