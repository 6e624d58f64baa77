-- Purpose: who has more than one row that counts, perhaps at several schools: only of them can rows collide.
-- Inputs: the side table of one kind of people. Output: a table of their ids.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE {same_persons} AS
SELECT person_id
FROM {people}
WHERE problem IS NULL AND is_active AND NOT has_left
GROUP BY person_id
HAVING count(*) > 1
