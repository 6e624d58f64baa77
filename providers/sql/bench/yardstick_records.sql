-- Purpose: a table like the records, with their rows, indexes and triggers, for the yardstick to change.
-- Inputs: none. Locks: none; only for a benchmark's own database.
CREATE TABLE yardstick_record (LIKE providers_phonerecord INCLUDING ALL);
DO $$
DECLARE
    columns text := (SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
                     WHERE table_name = 'providers_phonerecord' AND is_generated = 'NEVER');
    statement text;
BEGIN
    EXECUTE format('INSERT INTO yardstick_record (%s) SELECT %s FROM providers_phonerecord ORDER BY id', columns, columns);
    FOR statement IN
        SELECT replace(pg_get_triggerdef(oid), 'ON public.providers_phonerecord', 'ON public.yardstick_record')
        FROM pg_trigger WHERE tgrelid = 'providers_phonerecord'::regclass AND NOT tgisinternal
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
CREATE TABLE yardstick_answer (line bigint, no_ponsel text, status text, answered_at timestamptz)
