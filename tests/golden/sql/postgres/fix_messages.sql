-- Messages of keys and values taken apart, checked and turned into columns
-- oracle: postgres
-- chapter: queries

CREATE TABLE messages (id INTEGER PRIMARY KEY, raw TEXT);

INSERT INTO messages VALUES (1, '35=D|49=ANN|55=ABC|54=1|38=100|44=10.50'), (2, '35=8|49=EXCH|55=ABC|39=2|32=60|31=10.45'), (3, '35=8|49=EXCH|55=ABC|39=1|32=x|31='), (4, '');

SELECT id, n, field FROM messages, regexp_split_to_table(raw, '\|') WITH ORDINALITY AS f(field, n) WHERE id = 1 ORDER BY n;
--> id | n | field
--> 1 | 1 | 35=D
--> 1 | 2 | 49=ANN
--> 1 | 3 | 55=ABC
--> 1 | 4 | 54=1
--> 1 | 5 | 38=100
--> 1 | 6 | 44=10.50

SELECT id, split_part(field, '=', 1) AS tag, split_part(field, '=', 2) AS value FROM messages, unnest(string_to_array(raw, '|')) AS field WHERE id = 2 ORDER BY split_part(field, '=', 1)::integer;
--> id | tag | value
--> 2 | 31 | 10.45
--> 2 | 32 | 60
--> 2 | 35 | 8
--> 2 | 39 | 2
--> 2 | 49 | EXCH
--> 2 | 55 | ABC

SELECT id, max(value) FILTER (WHERE tag = '35') AS kind, max(value) FILTER (WHERE tag = '55') AS symbol, max(value) FILTER (WHERE tag = '38') AS quantity FROM (SELECT id, split_part(f, '=', 1) AS tag, split_part(f, '=', 2) AS value FROM messages LEFT JOIN LATERAL unnest(string_to_array(raw, '|')) AS f ON true) t GROUP BY id ORDER BY id;
--> id | kind | symbol | quantity
--> 1 | D | ABC | 100
--> 2 | 8 | ABC | NULL
--> 3 | 8 | ABC | NULL
--> 4 | NULL | NULL | NULL

SELECT id, jsonb_object_agg(m[1], m[2] ORDER BY m[1]) AS fields FROM messages, regexp_matches(raw, '(\d+)=([^|]*)', 'g') AS m GROUP BY id ORDER BY id;
--> id | fields
--> 1 | {"35": "D", "38": "100", "44": "10.50", "49": "ANN", "54": "1", "55": "ABC"}
--> 2 | {"31": "10.45", "32": "60", "35": "8", "39": "2", "49": "EXCH", "55": "ABC"}
--> 3 | {"31": "", "32": "x", "35": "8", "39": "1", "49": "EXCH", "55": "ABC"}

SELECT id, (regexp_match(raw, '(?:^|\|)31=([^|]*)'))[1] AS price, substring(raw FROM '55=([A-Z]+)') AS symbol, raw ~ '(^|\|)35=8(\||$)' AS is_fill FROM messages ORDER BY id;
--> id | price | symbol | is_fill
--> 1 | NULL | ABC | f
--> 2 | 10.45 | ABC | t
--> 3 |  | ABC | t
--> 4 | NULL | NULL | f

SELECT id, CASE WHEN v ~ '^\d+$' THEN v::integer END AS filled, v ~ '^\d+$' AS valid FROM (SELECT id, (regexp_match(raw, '32=([^|]*)'))[1] AS v FROM messages) x WHERE v IS NOT NULL ORDER BY id;
--> id | filled | valid
--> 2 | 60 | t
--> 3 | NULL | f

SELECT v::integer FROM (SELECT (regexp_match(raw, '32=([^|]*)'))[1] AS v FROM messages WHERE id = 3) x;
--! 22P02: invalid input syntax for type integer: "x"

SELECT id, array_length(string_to_array(raw, '|'), 1) AS fields, length(raw) AS length, cardinality(string_to_array(raw, '|')) AS n FROM messages ORDER BY id;
--> id | fields | length | n
--> 1 | 6 | 39 | 6
--> 2 | 6 | 39 | 6
--> 3 | 6 | 33 | 6
--> 4 | NULL | 0 | 0

SELECT id, (SELECT sum(ascii(c)) % 256 FROM regexp_split_to_table(raw, '') AS c) AS checksum FROM messages WHERE id = 1;
--> id | checksum
--> 1 | 242

SELECT lpad(((SELECT sum(get_byte(convert_to(raw, 'UTF8'), i)) FROM generate_series(0, octet_length(raw) - 1) AS i) % 256)::text, 3, '0') AS checksum FROM messages WHERE id = 1;
--> checksum
--> 242

SELECT string_agg(tag || '=' || value, '|' ORDER BY tag::integer) AS sorted FROM (SELECT split_part(f, '=', 1) AS tag, split_part(f, '=', 2) AS value FROM messages, unnest(string_to_array(raw, '|')) AS f WHERE id = 1) t;
--> sorted
--> 35=D|38=100|44=10.50|49=ANN|54=1|55=ABC

SELECT tag, count(*) AS n, count(DISTINCT value) AS kinds FROM (SELECT split_part(f, '=', 1) AS tag, split_part(f, '=', 2) AS value FROM messages, unnest(string_to_array(raw, '|')) AS f) t GROUP BY tag HAVING count(*) > 1 ORDER BY tag::integer;
--> tag | n | kinds
--> 31 | 2 | 2
--> 32 | 2 | 2
--> 35 | 3 | 2
--> 39 | 2 | 2
--> 49 | 3 | 2
--> 55 | 3 | 1

SELECT array_to_string(array_agg(replace(f, '=', ': ') ORDER BY n), ', ') AS shown FROM messages, unnest(string_to_array(raw, '|')) WITH ORDINALITY AS x(f, n) WHERE id = 2;
--> shown
--> 35: 8, 49: EXCH, 55: ABC, 39: 2, 32: 60, 31: 10.45
