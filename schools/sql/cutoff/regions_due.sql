-- Purpose: the regions that will be written: new ones, renamed ones, and parents whose own row was refused or never came
-- (everybody below them must not be lost; they stand there under their code until a later cut-off names them).
-- Inputs: cutoff_region, schools_region. Output: cutoff_region_due.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_region_due AS
SELECT r.code, r.name, r.level, r.parent_id
FROM cutoff_region r
LEFT JOIN schools_region known ON known.code = r.code
WHERE r.problem IS NULL AND known.name IS DISTINCT FROM r.name
UNION ALL
SELECT DISTINCT a.code, CASE a.level WHEN 0 THEN 'Indonesia' ELSE 'Wilayah ' || a.code END, a.level, a.parent_id
FROM cutoff_region r
CROSS JOIN LATERAL (VALUES
    ('000000', 0, NULL),
    (left(r.code, 2) || '0000', 1, '000000'),
    (left(r.code, 4) || '00', 2, left(r.code, 2) || '0000')
) AS a (code, level, parent_id)
WHERE r.problem IS NULL AND a.level < r.level AND (a.level = 0 OR a.code <> '000000')
  AND NOT EXISTS (SELECT FROM cutoff_region k WHERE k.code = a.code AND k.problem IS NULL)
  AND NOT EXISTS (SELECT FROM schools_region k WHERE k.code = a.code)
