-- Purpose: where a piece of a file lies before it is judged; of this transaction alone.
-- Inputs: none. Locks: none.
CREATE TEMP TABLE answer_side (
    row_no bigint NOT NULL,
    line_no bigint NOT NULL,
    number text NOT NULL,
    outcome text NOT NULL,
    code text NOT NULL,
    at timestamptz NOT NULL,
    -- What the row told by a word whose meaning was corrected since.
    was text NOT NULL DEFAULT ''
) ON COMMIT DROP
