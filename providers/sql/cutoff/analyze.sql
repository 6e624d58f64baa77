-- Purpose: let the planner know how many rows were judged.
-- Inputs: the side table of one kind of people. Output: its statistics.
-- Locks: none beside the table's own, which is the run's own.
ANALYZE {people}
