-- Purpose: a region whose parent's row was refused or never came must not be lost with everybody in it: the parent
-- stands there under its code until a later cut-off names it.
-- Inputs: cutoff_region. Output: schools_region, only rows that were missing.
-- Locks: the new rows.
INSERT INTO schools_region (code, name, level, parent_id)
SELECT DISTINCT a.code, CASE a.level WHEN 0 THEN 'Indonesia' ELSE 'Wilayah ' || a.code END, a.level, a.parent_id
FROM cutoff_region r
CROSS JOIN LATERAL (VALUES
    ('000000', 0, NULL),
    (left(r.code, 2) || '0000', 1, '000000'),
    (left(r.code, 4) || '00', 2, left(r.code, 2) || '0000')
) AS a (code, level, parent_id)
WHERE r.problem IS NULL AND a.level < r.level AND (a.level = 0 OR a.code <> '000000')
  AND NOT EXISTS (SELECT FROM cutoff_region k WHERE k.code = a.code AND k.problem IS NULL)
ORDER BY a.code
ON CONFLICT (code) DO NOTHING
