-- -> and ->> in conditions, orders, groups, joins, indexes and arithmetic
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);

INSERT INTO docs VALUES (1, '{"symbol": "A", "price": 10.5, "n": 3, "tags": ["x", "y"], "open": true}'), (2, '{"symbol": "B", "price": 7, "n": null, "tags": []}'), (3, '{"symbol": "A", "price": "9", "deep": {"k": [1, {"z": 5}]}}'), (4, NULL);

SELECT id, body ->> 'symbol' AS symbol, body -> 'symbol' AS quoted, body ->> 'n' AS n, body -> 'n' AS n_json FROM docs ORDER BY id;
--> id | symbol | quoted | n | n_json
--> 1 | A | "A" | 3 | 3
--> 2 | B | "B" | NULL | null
--> 3 | A | "A" | NULL | NULL
--> 4 | NULL | NULL | NULL | NULL

SELECT id, typeof(body ->> 'price') AS type, body ->> 'open' AS open, typeof(body -> 'open') AS json_type FROM docs ORDER BY id;
--> id | type | open | json_type
--> 1 | real | 1 | text
--> 2 | integer | NULL | null
--> 3 | text | NULL | null
--> 4 | null | NULL | null

SELECT id FROM docs WHERE body ->> 'symbol' = 'A' ORDER BY id;
--> id
--> 1
--> 3

SELECT id FROM docs WHERE body -> 'symbol' = '"A"' ORDER BY id;
--> id
--> 1
--> 3

SELECT id FROM docs WHERE (body ->> 'price') > 8 ORDER BY id;
--> id
--> 1
--> 3

SELECT id, (body ->> 'price') + 1 AS added FROM docs ORDER BY id;
--> id | added
--> 1 | 11.5
--> 2 | 8
--> 3 | 10
--> 4 | NULL

SELECT id, body ->> 'price' + 1 AS added, body ->> 'n' * 2 AS doubled, 100 - body ->> 'n' AS taken FROM docs WHERE id = 1;
--> id | added | doubled | taken
--> 1 | 11.5 | 6 | 97

SELECT body ->> 'symbol' || '!' AS cry FROM docs WHERE id = 1;
--> cry
--> A!

SELECT body ->> 'symbol' AS symbol, count(*) AS n, max(body ->> 'price') AS price FROM docs GROUP BY body ->> 'symbol' ORDER BY symbol;
--> symbol | n | price
--> NULL | 1 | NULL
--> A | 2 | 9
--> B | 1 | 7

SELECT id FROM docs ORDER BY body ->> 'symbol' DESC, id;
--> id
--> 2
--> 1
--> 3
--> 4

SELECT id, body -> 'tags' -> 0 AS first, body -> 'tags' ->> -1 AS last, body ->> '$.tags[1]' AS second FROM docs ORDER BY id;
--> id | first | last | second
--> 1 | "x" | y | y
--> 2 | NULL | NULL | NULL
--> 3 | NULL | NULL | NULL
--> 4 | NULL | NULL | NULL

SELECT id, body -> 'deep' -> 'k' -> 1 ->> 'z' AS z, body ->> '$.deep.k[#-1].z' AS path FROM docs WHERE id = 3;
--> id | z | path
--> 3 | 5 | 5

SELECT id, json_array_length(body -> 'tags') AS tags, json_array_length(body, '$.tags') AS too FROM docs ORDER BY id;
--> id | tags | too
--> 1 | 2 | 2
--> 2 | 0 | 0
--> 3 | NULL | NULL
--> 4 | NULL | NULL

SELECT id FROM docs WHERE body ->> 'n' IS NULL ORDER BY id;
--> id
--> 2
--> 3
--> 4

SELECT id FROM docs WHERE body -> 'n' IS NULL ORDER BY id;
--> id
--> 3
--> 4

SELECT a.id, b.id AS other FROM docs a JOIN docs b ON a.body ->> 'symbol' = b.body ->> 'symbol' AND a.id < b.id;
--> id | other
--> 1 | 3

SELECT id FROM docs WHERE body ->> 'symbol' IN ('A', 'C') AND body ->> 'open' ORDER BY id;
--> id
--> 1

SELECT id, body ->> 'symbol' LIKE 'a%' AS liked, body ->> 'price' BETWEEN 8 AND 11 AS between_numbers FROM docs WHERE id < 3 ORDER BY id;
--> id | liked | between_numbers
--> 1 | 1 | 1
--> 2 | 0 | 0

UPDATE docs SET body = json_set(body, '$.n', (body ->> 'n') + 1) WHERE body ->> 'n' IS NOT NULL RETURNING body ->> 'n' AS n;
--> n
--> 4

SELECT '[1, 2, 3]' -> 1 AS element, '[1, 2, 3]' ->> '1' AS by_text, '{"1": "one"}' ->> '1' AS key_of_digits, '{"1": "one"}' ->> 1 AS number, '[[1], [2]]' -> 1 -> 0 AS nested;
--> element | by_text | key_of_digits | number | nested
--> 2 | NULL | one | NULL | 2

SELECT '{"a": 1}' -> 'b' -> 'c' AS missing, NULL -> 'a' AS of_null, '5' ->> '$' AS scalar, '"x"' ->> '$' AS text, '"x"' -> '$' AS quoted;
--> missing | of_null | scalar | text | quoted
--> NULL | NULL | 5 | x | "x"

SELECT 'not json' -> 'a';
--! malformed JSON
