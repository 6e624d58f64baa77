-- Purpose: a number in a live statement stays as it is: its record is listed and left out of what follows.
-- Inputs: reread, %(batch)s. Output: batches_rowerror (the line is the record's id); returns how many.
-- Locks: none; a claim that comes now waits for the records, which are held, and is refused then.
WITH locked AS (
    DELETE FROM reread q
    WHERE EXISTS (SELECT FROM providers_entitlement e WHERE e.record_id = q.id AND e.live)
    RETURNING q.id
)
INSERT INTO batches_rowerror (batch_id, file, line, "column", code, facts)
SELECT %(batch)s, 'nomor terkunci', l.id, '', 'PREFIX_LOCKED', jsonb_build_object('npsn', s.npsn)
FROM locked l
JOIN providers_phonerecord r ON r.id = l.id
JOIN schools_school s ON s.id = r.school_id
ORDER BY l.id
