-- Row values beside queries, in SET and in comparisons
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a INTEGER PRIMARY KEY, b, c TEXT);

INSERT INTO t VALUES (1, 'x', 'y'), (2, 5, NULL), (3, 5, 'z');

SELECT a FROM t WHERE (a, b) = (SELECT 2, 5);
--> a
--> 2

SELECT a FROM t WHERE (b, c) < (SELECT b, c FROM t WHERE a = 1) ORDER BY a;
--> a
--> 2
--> 3

SELECT a FROM t WHERE (c, b) >= (SELECT 'z', 5) ORDER BY a;
--> a
--> 3

UPDATE t SET (a, b) = (SELECT t.a + 10, t.c) WHERE a = 1;

SELECT * FROM t ORDER BY a;
--> a | b | c
--> 2 | 5 | NULL
--> 3 | 5 | z
--> 11 | y | y

CREATE TABLE o (k INTEGER, d TEXT);

INSERT INTO o VALUES (2, 'two'), (3, 'three');

UPDATE t SET c = o.d FROM o WHERE o.k = t.a RETURNING *;
--> a | b | c
--> 2 | 5 | two
--> 3 | 5 | three

SELECT json_array(1, json('[2]'), json_array(3, json_object('k', json('{}')))) AS nested, json_set('{}', '$.a', json('[1]')) AS made, json_array('[4]') AS text;
--> nested | made | text
--> [1,[2],[3,{"k":{}}]] | {"a":[1]} | ["[4]"]

SELECT format('%*d|%-*d|%.*f', 4, 7, 3, 8, 1, 2.55) AS widths, format('%*d', 2147483648, 5) AS none, format('%*d|', -4, 5) AS to_the_left;
--> widths | none | to_the_left
-->    7|8  |2.5 | 5 | 5   |
