-- Purpose: hold this release's orders open: none is published while lines are written for it.
-- Inputs: %(batch)s. Locks: those rows, shared with other pieces, until the transaction ends.
SELECT id FROM providers_exchange
WHERE batch_id = %(batch)s AND purpose = 'INJECT' AND status = 'PREPARING'
ORDER BY id
FOR SHARE
