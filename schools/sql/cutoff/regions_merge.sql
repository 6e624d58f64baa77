-- Purpose: bring the regions up to date; rows that do not differ are not written.
-- Inputs: cutoff_region_due. Output: schools_region.
-- Locks: the changed rows.
INSERT INTO schools_region (code, name, level, parent_id)
SELECT code, name, level, parent_id
FROM cutoff_region_due
ORDER BY code
ON CONFLICT (code) DO UPDATE SET name = excluded.name
