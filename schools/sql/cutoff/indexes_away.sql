-- Purpose: keep the definitions of a table's indexes, all but its primary key, before they are dropped.
-- Inputs: the table. Output: schools_putawayindex.
-- Locks: none beyond the new rows; the caller holds the table.
INSERT INTO schools_putawayindex (name, table_name, definition, is_constraint)
SELECT i.relname, t.relname, pg_get_indexdef(x.indexrelid), c.oid IS NOT NULL
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.conrelid = x.indrelid AND c.contype = 'u'
WHERE x.indrelid = %(table)s::regclass AND NOT x.indisprimary
