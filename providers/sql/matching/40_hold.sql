-- Purpose: hold the records that one part of a dump asks for, so that an answer or a correction comes before or after.
-- Inputs: lines %(first_key)s to %(last_key)s by their keys. Locks: those records.
SELECT set_config('vervalponsel.sharing_counted_later', 'on', true);  -- no number changes here
SELECT count(*) FROM (
    SELECT r.id
    FROM providers_phonerecord r
    WHERE r.id IN (SELECT l.record_id FROM providers_exchangeline l
                   WHERE l.id BETWEEN %(first_key)s AND %(last_key)s AND l.live)
      AND r.state = 'READY' AND r.asked_in_id IS NULL
    ORDER BY r.id
    FOR NO KEY UPDATE OF r
) held
