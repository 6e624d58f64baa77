-- Purpose: where a piece of a file lies before it is judged; of this session alone, empty again after each commit.
-- Inputs: none. Locks: none.
CREATE TEMP TABLE IF NOT EXISTS answer_side (
    row_no bigint NOT NULL,
    line_no bigint NOT NULL,
    number text NOT NULL,
    outcome text NOT NULL,
    code text NOT NULL,
    at timestamptz NOT NULL
) ON COMMIT DELETE ROWS
