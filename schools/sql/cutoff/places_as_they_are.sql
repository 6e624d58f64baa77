-- Purpose: a delta without schools leaves them as they are: judging looks them up in the register itself.
-- Inputs: schools_school. Output: cutoff_place, a view.
-- Locks: none, the view is the run's own.
CREATE VIEW cutoff_place AS
SELECT id, sekolah_id, npsn, jenjang, regency_code, province_code, is_synchronised, has_left
FROM schools_school
