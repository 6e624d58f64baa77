-- Purpose: the control totals of a frozen file: lines, and the sum of no_ponsel read as whole numbers.
-- Inputs: %(exchange)s. Locks: none.
SELECT count(*), coalesce(sum(ltrim(number, '+')::numeric), 0)::text
FROM providers_exchangeline
WHERE exchange_id = %(exchange)s
