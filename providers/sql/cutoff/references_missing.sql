-- Purpose: what the rows of a first load refer to must be there, and stay there until they are committed. Looked up once for
-- the whole range, it costs a hundredth of the checks that foreign keys make row by row.
-- Inputs: cutoff_work, cutoff_number. Output: a row for each thing that is missing.
-- Locks: the schools and providers of the range, as foreign keys do, until the transaction ends.
WITH schools AS MATERIALIZED (
    SELECT s.id FROM schools_school s WHERE s.id IN (SELECT w.school_id FROM cutoff_work w) FOR KEY SHARE
), owners AS MATERIALIZED (
    SELECT p.code FROM providers_provider p WHERE p.code IN (SELECT n.provider_id FROM cutoff_number n) FOR KEY SHARE
)
SELECT DISTINCT w.school_id::text FROM cutoff_work w WHERE w.school_id NOT IN (SELECT id FROM schools)
UNION ALL
SELECT DISTINCT n.provider_id FROM cutoff_number n WHERE n.provider_id IS NOT NULL AND n.provider_id NOT IN (SELECT code FROM owners)
