-- Purpose: the claims of a closed period stay to be read, and lock nothing any more.
-- Inputs: %(period)s, schools %(first)s to %(last)s. Locks: those claims and their records.
UPDATE providers_entitlement
SET closed = true
WHERE period_id = %(period)s AND school_id BETWEEN %(first)s AND %(last)s AND NOT closed
