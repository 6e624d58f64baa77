-- Purpose: a provider's file that answers every line of an exchange, each at a moment of its own.
-- Inputs: %(asked_at)s, %(words)s in turn, its lines' keys %(first)s to %(last)s. Locks: none.
COPY (
    SELECT line_no AS line, substr(number, 2) AS no_ponsel,
           (%(words)s::text[])[1 + line_no %% cardinality(%(words)s::text[])] AS status,
           to_char(%(asked_at)s::timestamptz + line_no * interval '37 ms', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS answered_at
    FROM providers_exchangeline
    WHERE id BETWEEN %(first)s AND %(last)s
    ORDER BY id
) TO STDOUT (FORMAT csv, HEADER)
