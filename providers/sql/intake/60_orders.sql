-- Purpose: a report moves the claim of its order line. Failure and success reported of one line mean a reversal, whichever
-- came first. A claim of a closed period stays as it was; the line tells what was reported.
-- A success that was none from the start, as the word that told it was misunderstood, is reversed; a failure that was none is
-- a success (15_correct).
-- Inputs: answer_standing. Locks: those claims and their records (held already).
UPDATE providers_entitlement e
SET stage = t.stage, stage_at = t.at, code = CASE WHEN t.stage = 'INJECTED' THEN '' ELSE left(t.code, 24) END
FROM (
    SELECT l.entitlement_id, s.at, s.code,
           CASE WHEN s.outcome = 'SUCCEEDED' THEN 'INJECTED'
                WHEN s.outcome = 'FAILED' AND NOT s.contradicted AND held.stage <> 'INJECTED' THEN 'FAILED'
                ELSE 'REVERSED' END AS stage
    FROM answer_standing s
    JOIN providers_exchangeline l ON l.id = s.line_id
    JOIN providers_entitlement held ON held.id = l.entitlement_id
) t
WHERE e.id = t.entitlement_id AND NOT e.closed
  AND ((e.stage, t.stage) IN (
      ('RELEASED', 'INJECTED'), ('RELEASED', 'FAILED'), ('RELEASED', 'REVERSED'),
      ('INJECTED', 'REVERSED'), ('FAILED', 'REVERSED'),
      -- The same end for another reason.
      ('FAILED', 'FAILED'), ('REVERSED', 'REVERSED'))
      OR current_setting('vervalponsel.correcting', true) = 'on'
     AND (e.stage, t.stage) IN (('FAILED', 'INJECTED'), ('REVERSED', 'INJECTED')))
