-- Purpose: two different things said of one number within a day, in whichever lines and files, mark all those lines.
-- Inputs: providers_numbercheck. Output: exchanges with a newly marked line. Locks: those lines; callers serialise.
WITH asked AS MATERIALIZED (
    DELETE FROM providers_numbercheck RETURNING number
), lines AS MATERIALIZED (
    SELECT l.id, l.number, l.outcome, l.outcome_at
    FROM (SELECT DISTINCT number FROM asked) n
    JOIN providers_phonerecord r ON r.number = n.number AND r.number <> ''
    JOIN providers_exchangeline l ON l.record_id = r.id AND l.number = n.number
    WHERE l.purpose = 'MATCH' AND NOT l.live AND l.outcome <> ''
), said AS MATERIALIZED (
    SELECT id, number, outcome::text, outcome_at FROM lines
    UNION
    SELECT l.id, l.number, k.outcome, k.outcome_at FROM lines l JOIN providers_lineanswer k ON k.line_id = l.id
), contradicted AS (
    SELECT DISTINCT a.id
    FROM said a
    JOIN said b ON b.number = a.number AND b.outcome <> a.outcome
     AND b.outcome_at BETWEEN a.outcome_at - interval '1 day' AND a.outcome_at + interval '1 day'
), marked AS (
    UPDATE providers_exchangeline l
    SET is_contradicted = true
    FROM contradicted c
    WHERE l.id = c.id AND NOT l.is_contradicted
    RETURNING l.exchange_id
)
SELECT DISTINCT exchange_id FROM marked
