-- Purpose: bring the regions up to date; rows that do not differ are not written.
-- Inputs: cutoff_region. Output: schools_region.
-- Locks: the changed rows.
INSERT INTO schools_region AS known (code, name, level, parent_id)
SELECT r.code, r.name, r.level, r.parent_id
FROM cutoff_region r
LEFT JOIN schools_region same ON same.code = r.code AND same.name = r.name
WHERE r.problem IS NULL AND same.code IS NULL
ORDER BY r.code
ON CONFLICT (code) DO UPDATE SET name = excluded.name
