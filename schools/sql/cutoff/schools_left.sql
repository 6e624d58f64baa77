-- Purpose: schools that left stay in the register, marked.
-- Inputs: cutoff_school_due. Output: schools_school.
-- Locks: the changed rows.
UPDATE schools_school s
SET has_left = true
FROM cutoff_school_due d
WHERE d.id = s.id AND d.line_no IS NULL
