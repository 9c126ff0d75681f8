-- Texts of keys and values taken apart by recursion and by JSON; events folded into states
-- oracle: sqlite
-- chapter: queries

CREATE TABLE messages (id INTEGER PRIMARY KEY, raw TEXT);

INSERT INTO messages VALUES (1, '35=D|55=ABC|38=100|44=10.50'), (2, '35=8|55=ABC|32=60|31=10.45'), (3, '');

WITH RECURSIVE parts (id, part, rest) AS (SELECT id, '', raw || '|' FROM messages WHERE raw <> '' UNION ALL SELECT id, substr(rest, 1, instr(rest, '|') - 1), substr(rest, instr(rest, '|') + 1) FROM parts WHERE rest <> '')
SELECT id, substr(part, 1, instr(part, '=') - 1) AS tag, substr(part, instr(part, '=') + 1) AS value FROM parts WHERE part <> '' ORDER BY id, CAST(part AS INTEGER);
--> id | tag | value
--> 1 | 35 | D
--> 1 | 38 | 100
--> 1 | 44 | 10.50
--> 1 | 55 | ABC
--> 2 | 31 | 10.45
--> 2 | 32 | 60
--> 2 | 35 | 8
--> 2 | 55 | ABC

SELECT messages.id, value FROM messages, json_each('["' || replace(raw, '|', '","') || '"]') WHERE raw <> '' AND value LIKE '5%' ORDER BY messages.id;
--> id | value
--> 1 | 55=ABC
--> 2 | 55=ABC

SELECT id, '{"' || replace(replace(raw, '=', '":"'), '|', '","') || '"}' ->> '55' AS symbol, json_extract('{"' || replace(replace(raw, '=', '":"'), '|', '","') || '"}', '$.38') AS quantity FROM messages WHERE raw <> '' ORDER BY id;
--> id | symbol | quantity
--> 1 | ABC | 100
--> 2 | ABC | NULL

SELECT id, iif(instr('|' || raw, '|32='), CAST(substr('|' || raw, instr('|' || raw, '|32=') + 4) AS INTEGER), NULL) AS filled FROM messages ORDER BY id;
--> id | filled
--> 1 | NULL
--> 2 | 60
--> 3 | NULL

SELECT id, length(raw) - length(replace(raw, '|', '')) + (raw <> '') AS fields FROM messages ORDER BY id;
--> id | fields
--> 1 | 4
--> 2 | 4
--> 3 | 0

CREATE TABLE events (n INTEGER PRIMARY KEY, order_id INTEGER, kind TEXT, quantity INTEGER);

INSERT INTO events VALUES (1, 1, 'new', 100), (2, 2, 'new', 50), (3, 1, 'fill', 30), (4, 1, 'amend', 80), (5, 2, 'cancel', NULL), (6, 1, 'fill', 50), (7, 3, 'new', 5);

SELECT order_id, max(n) FILTER (WHERE kind IN ('new', 'amend')) AS since, total(quantity) FILTER (WHERE kind = 'fill') AS filled, max(kind = 'cancel') AS cancelled FROM events GROUP BY order_id ORDER BY order_id;
--> order_id | since | filled | cancelled
--> 1 | 4 | 80.0 | 0
--> 2 | 2 | 0.0 | 1
--> 3 | 7 | 0.0 | 0

SELECT order_id, quantity, max(n) AS n FROM events WHERE kind IN ('new', 'amend') GROUP BY order_id ORDER BY order_id;
--> order_id | quantity | n
--> 1 | 80 | 4
--> 2 | 50 | 2
--> 3 | 5 | 7

SELECT s.order_id, s.quantity, f.filled, CASE WHEN c.order_id IS NOT NULL THEN 'cancelled' WHEN f.filled >= s.quantity THEN 'filled' ELSE 'new' END AS state FROM (SELECT order_id, quantity, max(n) AS n FROM events WHERE kind IN ('new', 'amend') GROUP BY order_id) s LEFT JOIN (SELECT order_id, sum(quantity) AS filled FROM events WHERE kind = 'fill' GROUP BY order_id) f USING (order_id) LEFT JOIN (SELECT DISTINCT order_id FROM events WHERE kind = 'cancel') c USING (order_id) ORDER BY 1;
--> order_id | quantity | filled | state
--> 1 | 80 | 80 | filled
--> 2 | 50 | NULL | cancelled
--> 3 | 5 | NULL | new

SELECT order_id, group_concat(kind, '>' ORDER BY n) AS path FROM events GROUP BY order_id ORDER BY order_id;
--> order_id | path
--> 1 | new>fill>amend>fill
--> 2 | new>cancel
--> 3 | new

WITH RECURSIVE fold (n, open) AS (SELECT 0, json('{}') UNION ALL SELECT e.n, CASE e.kind WHEN 'cancel' THEN json_remove(open, '$.' || e.order_id) WHEN 'fill' THEN open ELSE json_set(open, '$.' || e.order_id, e.quantity) END FROM fold f JOIN events e ON e.n = f.n + 1) SELECT n, open FROM fold WHERE n IN (0, 2, 5, 7) ORDER BY n;
--> n | open
--> 0 | {}
--> 2 | {"1":100,"2":50}
--> 5 | {"1":80}
--> 7 | {"1":80,"3":5}

SELECT n, kind, last_value(kind) OVER (PARTITION BY order_id ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last FROM events ORDER BY n;
--> n | kind | last
--> 1 | new | fill
--> 2 | new | cancel
--> 3 | fill | fill
--> 4 | amend | fill
--> 5 | cancel | cancel
--> 6 | fill | fill
--> 7 | new | new
