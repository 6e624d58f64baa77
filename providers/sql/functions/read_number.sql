-- Reading typed numbers in bulk: the set-based twin of providers/reading.py, held equal to it by a property test.
--
-- For import steps:
--   providers_number(typed)            text: the E.164 number, or the refusal code. Immutable; inlined into the query that calls
--                                      it, so that a clean cell costs one pattern and only the rest enters PL/pgSQL.
--   providers_prefix_on(day)           (prefix, provider_id): one row per prefix in force on the day.
--   providers_read_number(typed, day)  (number, provider_id, code) of one cell, for small sets.
-- A big set is read as sql/read_numbers.sql does it: the text once in a subquery kept whole by OFFSET 0 (a pattern in a plain
-- subquery would be evaluated again at every use), then a hash join with the prefixes.
--
-- Everything below the two readers works on parts of a cell; a result that begins with 8 is a number without its +62, anything
-- else is a code.

-- No number in the world has more than 15 digits, no subscriber's here fewer than 6.
CREATE OR REPLACE FUNCTION providers_number_by_length(rest text, otherwise text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN length(rest) < 6 THEN 'TOO_SHORT' WHEN length(rest) > 15 THEN 'TOO_LONG' ELSE otherwise END;

-- Digits without zero and country code: a mobile number has 9 to 12 and begins with 81 to 89.
CREATE OR REPLACE FUNCTION providers_number_national(rest text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE
        WHEN left(rest, 1) <> '8' OR rest = '' OR substr(rest, 2, 1) = '0'
            THEN providers_number_by_length(rest, 'NOT_MOBILE')
        WHEN length(rest) < 9 THEN 'TOO_SHORT'
        WHEN length(rest) > 12 THEN 'TOO_LONG'
        ELSE rest
    END;

-- Digits as one number, judged by what they begin with, then by length.
CREATE OR REPLACE FUNCTION providers_number_shape(digits text, has_plus boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    rest text := ltrim(digits, '0');
    zeros int := length(digits) - length(rest);
BEGIN
    IF rest = '' THEN
        RETURN 'EMPTY';
    ELSIF left(rest, 2) = '62' AND (zeros <> 1 OR has_plus) THEN
        RETURN providers_number_national(ltrim(substr(rest, 3), '0'));
    ELSIF zeros = 1 AND left(rest, 3) = '628' THEN
        -- A landline of 0628, or a zero before the country's code.
        RETURN CASE WHEN left(providers_number_national(substr(rest, 3)), 1) = '8' THEN 'AMBIGUOUS'
                    ELSE providers_number_by_length(rest, 'NOT_MOBILE') END;
    ELSIF zeros = 2 OR (has_plus AND zeros = 0) THEN
        RETURN providers_number_by_length(rest, 'FOREIGN');
    END IF;
    RETURN providers_number_national(rest);
END $$;

-- Runs parted by spaces that are several numbers, or a number beside digits that belong to none; NULL if neither.
CREATE OR REPLACE FUNCTION providers_number_groups(runs text[], has_plus boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    groups text[] := runs[1:1];
    shapes text[];
    is_full boolean;
    run text;
BEGIN
    FOREACH run IN ARRAY runs[2:] LOOP
        is_full := left(providers_number_shape(groups[cardinality(groups)], has_plus AND cardinality(groups) = 1), 1) = '8';
        IF is_full AND (run ~ '^(0|62)' OR left(providers_number_shape(run), 1) = '8') THEN
            groups := groups || run;
        ELSE
            groups[cardinality(groups)] := groups[cardinality(groups)] || run;
        END IF;
    END LOOP;
    shapes := ARRAY(SELECT providers_number_shape(g, has_plus AND i = 1) FROM unnest(groups) WITH ORDINALITY AS u(g, i));
    IF cardinality(shapes) > 1 AND '8' = ALL (SELECT left(s, 1) FROM unnest(shapes) AS s) THEN
        RETURN CASE WHEN (SELECT count(DISTINCT s) FROM unnest(shapes) AS s) > 1 THEN 'TWO_NUMBERS' ELSE shapes[1] END;
    ELSIF '8' = ANY (SELECT left(s, 1) FROM unnest(shapes) AS s)
        OR EXISTS (SELECT FROM unnest(runs) AS r WHERE r ~ '^(0|62)' AND left(providers_number_shape(r), 1) = '8') THEN
        RETURN 'AMBIGUOUS';
    END IF;
    RETURN NULL;
END $$;

-- Digits in runs parted by spaces, perhaps a plus in front: one number, or one with stray digits, or several.
CREATE OR REPLACE FUNCTION providers_number_runs(part text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    has_plus boolean := left(part, 1) = '+';
    runs text[] := array_remove(string_to_array(ltrim(part, '+ '), ' '), '');
    joined text := array_to_string(runs, '');
    whole text := providers_number_shape(joined, has_plus);
    first text := CASE WHEN cardinality(runs) = 1 THEN whole ELSE providers_number_shape(runs[1], has_plus) END;
BEGIN
    IF left(whole, 1) = '8' THEN
        RETURN CASE WHEN left(first, 1) <> '8' OR first = whole THEN whole ELSE 'AMBIGUOUS' END;
    ELSIF cardinality(runs) > 1 THEN
        RETURN COALESCE(providers_number_groups(runs, has_plus), whole);
    END IF;
    FOR cut IN 10..15 LOOP  -- two numbers without anything between them
        IF substr(joined, cut + 1) ~ '^(0|62)'
            AND left(providers_number_shape(left(joined, cut), has_plus), 1) = '8'
            AND left(providers_number_shape(substr(joined, cut + 1)), 1) = '8' THEN
            RETURN 'TWO_NUMBERS';
        END IF;
    END LOOP;
    RETURN whole;
END $$;

-- One segment: digits, o, l and spaces. An o or l between digits is 0 or 1; at an edge it may also be a stray letter.
CREATE OR REPLACE FUNCTION providers_number_segment(segment text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    as_digits text := providers_number_runs(translate(segment, 'ol', '01'));
    as_letters text;
BEGIN
    IF segment !~ '^[+ ]*[lo]|[lo]$' THEN
        RETURN as_digits;
    END IF;
    as_letters := regexp_replace(regexp_replace(segment, '^([+]?)[lo ]+', '\1'), '[lo ]+$', '');
    as_letters := providers_number_runs(translate(as_letters, 'ol', '01'));
    RETURN CASE WHEN left(as_letters, 1) = '8' AND as_letters <> as_digits THEN 'AMBIGUOUS' ELSE as_digits END;
END $$;

-- The outcome of all segments of a marked text together.
CREATE OR REPLACE FUNCTION providers_number_combine(marked text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    segments text[];
    found text[];
    numbers text[];
    whole text;
BEGIN
    IF marked !~ '[0-9]' THEN
        RETURN 'TOO_SHORT';  -- the only digits were a count beside a word
    ELSIF marked !~ '[0-9].*[Ww/].*[0-9]' THEN
        RETURN providers_number_segment(btrim(substring(marked FROM '[0-9lo+ ]*[0-9][0-9lo+ ]*'), ' '));
    END IF;
    segments := ARRAY(
        SELECT btrim(part, ' ')
        FROM regexp_split_to_table(marked, '[Ww/]') WITH ORDINALITY AS s(part, i)
        WHERE part ~ '[0-9]'
        ORDER BY i
    );
    found := ARRAY(SELECT providers_number_segment(s) FROM unnest(segments) WITH ORDINALITY AS u(s, i) ORDER BY i);
    numbers := ARRAY(SELECT DISTINCT f FROM unnest(found) AS f WHERE left(f, 1) = '8');
    IF cardinality(numbers) > 1 OR 'TWO_NUMBERS' = ANY (found) THEN
        RETURN 'TWO_NUMBERS';
    ELSIF 'AMBIGUOUS' = ANY (found) THEN
        RETURN 'AMBIGUOUS';
    ELSIF cardinality(numbers) = 1 THEN
        -- Beside a mobile number only zeros, or a landline written out in full, are harmless.
        RETURN CASE WHEN EXISTS (
            SELECT FROM unnest(segments, found) AS u(s, f)
            WHERE left(f, 1) <> '8' AND f <> 'EMPTY'
                AND NOT (f = 'NOT_MOBILE' AND left(s, 1) = '0'
                         AND length(regexp_replace(translate(s, 'ol', '01'), '[^0-9]', '', 'g')) >= 9)
        ) THEN 'AMBIGUOUS' ELSE numbers[1] END;
    END IF;
    -- No segment is a number by itself: perhaps they are one number in pieces (0812/3456/7890).
    segments := ARRAY(SELECT translate(s, 'ol ', '01') FROM unnest(segments) WITH ORDINALITY AS u(s, i) ORDER BY i);
    whole := providers_number_shape(translate(array_to_string(segments, ''), '+', ''), left(segments[1], 1) = '+');
    IF left(whole, 1) <> '8' THEN
        RETURN (SELECT f FROM unnest(segments, found) WITH ORDINALITY AS u(s, f, i)
                ORDER BY length(translate(s, '+', '')) DESC, i LIMIT 1);
    ELSIF marked ~ '[0-9].*[Ww].*[0-9]' THEN
        RETURN 'LETTERS';
    ELSIF EXISTS (SELECT FROM unnest(segments[2:]) AS s WHERE s !~ '^([1-57-9][0-9]{2}|6[013-9][0-9])') THEN
        RETURN 'AMBIGUOUS';
    END IF;
    RETURN whole;
END $$;

-- Lower-case ASCII: look-alikes folded, invisible characters gone, any other foreign character a two-letter word.
CREATE OR REPLACE FUNCTION providers_number_canonical(typed text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    cell text := typed;
BEGIN
    IF cell ~ '[^ -~]' THEN
        cell := regexp_replace(cell, '[\u0009-\u000d\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]', ' ', 'g');
        cell := regexp_replace(cell, '[\u0001-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff]', '', 'g');
        cell := translate(
            cell,
            '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
            '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'
        );
        cell := translate(
            cell,
            '०१२३४५६७८९๐๑๒๓๔๕๖๗๘๙᭐᭑᭒᭓᭔᭕᭖᭗᭘᭙᮰᮱᮲᮳᮴᮵᮶᮷᮸᮹꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡𝟢𝟣𝟤𝟥𝟦𝟧𝟨𝟩𝟪𝟫𝟬𝟭𝟮𝟯𝟰𝟱𝟲𝟳𝟴𝟵𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ОоΟο‐‑‒–—―−﹘﹣·․‧∙⋅。…’‘ʼʹ′´`“”„″﹢•●×✕',
            '012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789oooo---------.......''''''''''''''""""+**xx'
        );
        cell := regexp_replace(cell, '[^ -~]', 'zz', 'g');
    END IF;
    -- A capital I is an l.
    RETURN btrim(translate(cell, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ`', 'abcdefghljklmnopqrstuvwxyz'''), ' ''"');
END $$;

-- Undo what a spreadsheet adds to a number: 81234567890.0, 81,234,567,890.00, 81.234.567.890,0.
CREATE OR REPLACE FUNCTION providers_number_whole(cell text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE
        WHEN cell ~ '^[+]?[1-9][0-9]*[.,]0{1,3}$' THEN regexp_replace(cell, '[.,]0*$', '')
        WHEN cell ~ '^[1-9][0-9]{0,2}(,[0-9]{3})+([.]0{1,3})?$' THEN translate(regexp_replace(cell, '[.]0*$', ''), ',', '')
        WHEN cell ~ '^[1-9][0-9]{0,2}([.][0-9]{3})+,0{1,3}$' THEN translate(regexp_replace(cell, ',0*$', ''), '.', '')
        ELSE cell
    END;

-- Digits, o, l, spaces and plus stay; a word becomes W, a single letter w, what parts two numbers a slash. A small count that
-- belongs to a word ("HP 1:") is no part of any number and goes with it.
CREATE OR REPLACE FUNCTION providers_number_mark(cell text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    marked text := translate(cell, '.-()[]_''"`~^', '            ');
BEGIN
    IF marked ~ '[^0-9lo ]' THEN
        marked := regexp_replace(marked, '([lo]+[a-kmnp-z]|[a-kmnp-z][a-z])[a-z]*', 'W', 'g');
        marked := regexp_replace(marked, '[^0-9a-zW +]', '/', 'g');
        marked := replace(regexp_replace(marked, '[a-kmnp-z]', 'w', 'g'), '+', '/+');
        marked := regexp_replace(marked, '(?<![0-9lo])W *[0-9]{1,2} *(?=[Ww/]|$)', 'W', 'g');
    END IF;
    RETURN marked;
END $$;

-- A cell that is not clean: the number without its +62, or the code.
CREATE OR REPLACE FUNCTION providers_number_dirty(typed text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 5000 AS $$
DECLARE
    cell text := providers_number_canonical(typed);
    marked text;
    found text;
BEGIN
    IF cell !~ '[^0-9]' AND length(cell) BETWEEN 1 AND 200 THEN
        RETURN providers_number_runs(cell);
    ELSIF cell !~ '[0-9]' THEN
        -- Every i is written as l here because a capital I may be either.
        cell := translate(regexp_replace(cell, '[^a-z]', '', 'g'), 'i', 'l');
        RETURN CASE WHEN cell = ANY (ARRAY[
            '', 'tldakada', 'tdkada', 'takada', 'gakada', 'ngakada', 'tldakpunya', 'tdkpunya', 'takpunya', 'gakpunya',
            'belumada', 'blmada', 'belumpunya', 'blmpunya', 'tldak', 'kosong', 'nlhll', 'null', 'none', 'nan', 'na', 'nll', 'o'
        ]) THEN 'EMPTY' ELSE 'NO_DIGITS' END;
    ELSIF length(cell) > 200 THEN
        -- The patterns take their time with each other's leftovers, so a novel is not searched.
        RETURN CASE WHEN btrim(cell, ' -0') = '' THEN 'EMPTY' ELSE 'TOO_LONG' END;
    ELSIF cell ~ '([0-9][.,][0-9]+ ?e ?[+]?|[0-9] ?e ?[+]) ?[0-9]{1,2}(?![0-9])' THEN
        RETURN 'DIGITS_LOST';
    ELSIF cell ~ '[0-9][ .()-]*[x*?#]+(?![a-z])|(?<![a-z])[x*?]+[ .()-]*[0-9]' THEN
        RETURN 'DIGITS_HIDDEN';
    END IF;
    marked := providers_number_mark(providers_number_whole(cell));
    found := providers_number_combine(marked);
    RETURN CASE WHEN left(found, 1) = '8' AND marked ~ '[0-9]w|w[0-9]' THEN 'LETTERS' ELSE found END;
END $$;

-- One cell: the E.164 number, or the code. The arms before the last only shorten the way of what most cells look like; they test
-- by comparing and searching for a stranger, which costs a fifth of one pattern with counts.
CREATE OR REPLACE FUNCTION providers_number(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN typed IS NULL OR typed = '' THEN 'EMPTY'
        WHEN left(typed, 2) = '08' AND length(typed) BETWEEN 10 AND 13 AND substr(typed, 3, 1) <> '0' AND typed !~ '[^0-9]'
            THEN '+62' || substr(typed, 2)
        WHEN left(typed, 1) = '8' AND length(typed) BETWEEN 9 AND 12 AND substr(typed, 2, 1) <> '0' AND typed !~ '[^0-9]'
            THEN '+62' || typed
        WHEN left(typed, 3) = '628' AND length(typed) BETWEEN 11 AND 14 AND substr(typed, 4, 1) <> '0' AND typed !~ '[^0-9]'
            THEN '+' || typed
        WHEN right(typed, 2) = '.0' AND typed ~ '^(62)?8[1-9][0-9]{7,10}[.]0$'
            THEN '+62' || split_part(substr(typed, strpos(typed, '8')), '.', 1)
        -- Separators: the last four characters must be digits, or a stray count would melt into the number.
        WHEN length(typed) <= 200 AND translate(typed, E' .-()''\u2019\u00a0', '') ~ '^([+]?62)?0?8[1-9][0-9]{7,10}$' AND right(typed, 4) !~ '[^0-9]'
            THEN '+62' || substr(translate(typed, E' .-()''\u2019\u00a0', ''), strpos(translate(typed, E' .-()''\u2019\u00a0', ''), '8'))
        WHEN translate(typed, ' -0', '') = '' THEN 'EMPTY'
        ELSE regexp_replace(providers_number_dirty(typed), '^8', '+628')
    END
$$;

-- Whose prefix is whose on a day: one row per prefix (811 for 0811).
CREATE OR REPLACE FUNCTION providers_prefix_on(day date) RETURNS TABLE (prefix int, provider_id text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT held.prefix, owner.provider_id
    FROM generate_series(800, 899) AS held (prefix)
    JOIN providers_prefix AS owner ON held.prefix BETWEEN owner.first AND owner.last
    WHERE owner.valid_from <= day AND (owner.valid_to IS NULL OR day < owner.valid_to)
$$;

-- One cell with its provider; code says why there is no number, as Reading.code does.
CREATE OR REPLACE FUNCTION providers_read_number(typed text, day date)
RETURNS TABLE (number text, provider_id text, code text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        CASE WHEN owner.provider_id IS NOT NULL THEN cell.reading END,
        owner.provider_id,
        CASE WHEN owner.provider_id IS NULL
             THEN CASE WHEN left(cell.reading, 1) = '+' THEN 'NO_PROVIDER' ELSE cell.reading END END
    FROM (SELECT providers_number(typed) AS reading OFFSET 0) AS cell
    LEFT JOIN providers_prefix AS owner
        ON left(cell.reading, 1) = '+'
        AND substr(cell.reading, 4, 3)::int BETWEEN owner.first AND owner.last
        AND owner.valid_from <= day AND (owner.valid_to IS NULL OR day < owner.valid_to)
$$;

-- reverse:
DROP FUNCTION IF EXISTS providers_read_number(text, date);
DROP FUNCTION IF EXISTS providers_prefix_on(date);
DROP FUNCTION IF EXISTS providers_number(text);
DROP FUNCTION IF EXISTS providers_number_dirty(text);
DROP FUNCTION IF EXISTS providers_number_mark(text);
DROP FUNCTION IF EXISTS providers_number_whole(text);
DROP FUNCTION IF EXISTS providers_number_canonical(text);
DROP FUNCTION IF EXISTS providers_number_combine(text);
DROP FUNCTION IF EXISTS providers_number_segment(text);
DROP FUNCTION IF EXISTS providers_number_runs(text);
DROP FUNCTION IF EXISTS providers_number_groups(text[], boolean);
DROP FUNCTION IF EXISTS providers_number_shape(text, boolean);
DROP FUNCTION IF EXISTS providers_number_national(text);
DROP FUNCTION IF EXISTS providers_number_by_length(text, text);
