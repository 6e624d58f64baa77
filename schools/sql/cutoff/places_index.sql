-- Purpose: find the places by school, for every range of people that is merged.
-- Inputs and output: cutoff_place.
-- Locks: none, the table is the run's own.
ALTER TABLE cutoff_place ADD PRIMARY KEY (id)
