-- Purpose: how the lines of one exchange stand. Inputs: its lines' keys %(first)s to %(last)s. Locks: none.
SELECT CASE WHEN outcome = '' AND live THEN 'unanswered' WHEN outcome = '' THEN 'withdrawn' ELSE outcome END AS ended,
       count(*), count(*) FILTER (WHERE is_stale AND outcome <> ''), count(*) FILTER (WHERE is_contradicted),
       count(*) FILTER (WHERE live)
FROM providers_exchangeline
WHERE id BETWEEN %(first)s AND %(last)s
GROUP BY ended
