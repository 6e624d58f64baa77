-- Purpose: the figures of a kab/kota, a province or the nation, folded and pending.
-- Inputs: %(region_code)s, %(jenjang)s (empty array: all). Locks: none.
SELECT f.jenjang, f.role, f.metric, f.provider_id, sum(f.n)::bigint
FROM (
    SELECT jenjang, role, metric, provider_id, n FROM schools_rollup WHERE region_code = %(region_code)s
    UNION ALL
    SELECT s.jenjang, d.role, d.metric, d.provider_id, d.n
    FROM schools_tallydelta d
    JOIN schools_school s ON s.id = d.school_id
    WHERE %(region_code)s IN ('000000', s.province_code, s.regency_code)
) AS f
WHERE cardinality(%(jenjang)s::text[]) = 0 OR f.jenjang = ANY (%(jenjang)s::text[])
GROUP BY f.jenjang, f.role, f.metric, f.provider_id
