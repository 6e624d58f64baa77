-- Purpose: records that the cut-off made go; who shared their numbers is counted again, and their schools looked through.
-- Inputs: undo_record. Output: providers_phonerecord, providers_sharerequest, providers_questionrequest.
-- Locks: the records that go, which are held already.
WITH gone AS (
    DELETE FROM providers_phonerecord r
    USING undo_record u
    WHERE r.id = u.id AND u.old IS NULL
    RETURNING r.school_id, r.number, r.share_count
), asked AS (
    INSERT INTO providers_questionrequest (school_id) SELECT DISTINCT school_id FROM gone WHERE number <> ''
)
INSERT INTO providers_sharerequest (number) SELECT DISTINCT number FROM gone WHERE number <> '' AND share_count > 1
