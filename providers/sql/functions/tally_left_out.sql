-- Purpose: count the rows of the register that are no recipients, by reason, as OUT:<code>; the trigger's argument is
-- the role. Who left the register is history and counts nowhere. Used by the tables of students and teachers.
-- Locks: none, figures are only appended.

CREATE OR REPLACE FUNCTION providers_tally_left_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO schools_tallydelta (school_id, role, metric, provider_id, n)
        SELECT school_id, TG_ARGV[0], 'OUT:' || eligibility, '', count(*)
        FROM new_rows WHERE eligibility NOT IN ('OK', 'LEFT') GROUP BY school_id, eligibility;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO schools_tallydelta (school_id, role, metric, provider_id, n)
        SELECT school_id, TG_ARGV[0], 'OUT:' || eligibility, '', -count(*)
        FROM old_rows WHERE eligibility NOT IN ('OK', 'LEFT') GROUP BY school_id, eligibility;
    ELSE
        INSERT INTO schools_tallydelta (school_id, role, metric, provider_id, n)
        SELECT school_id, TG_ARGV[0], 'OUT:' || eligibility, '', sum(sign)
        FROM (
            SELECT school_id, eligibility, -1 AS sign FROM old_rows
            UNION ALL
            SELECT school_id, eligibility, 1 FROM new_rows
        ) r
        WHERE eligibility NOT IN ('OK', 'LEFT')
        GROUP BY school_id, eligibility
        HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END
$$;

-- reverse:
DROP FUNCTION IF EXISTS providers_tally_left_out();
