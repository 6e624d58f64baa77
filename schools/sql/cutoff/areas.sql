-- Purpose: the regions as they will be after the merge, for judging schools before anything is written.
-- Inputs: schools_region, cutoff_region_due. Output: cutoff_area.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_area AS
SELECT code, level FROM schools_region
UNION
SELECT code, level FROM cutoff_region_due
