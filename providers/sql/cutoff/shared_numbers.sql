-- Purpose: after a first load, ask for the sharers of every number that more than one record bears.
-- Inputs: providers_phonerecord. Output: providers_sharerequest.
-- Locks: none beyond the new rows.
INSERT INTO providers_sharerequest (number)
SELECT number FROM providers_phonerecord WHERE number <> '' GROUP BY number HAVING count(*) > 1
