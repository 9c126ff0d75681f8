-- char(n) is padded, and its spaces count for nothing
-- oracle: postgres
-- chapter: types

SELECT 'ab'::char(4) || '|' AS joined, length('ab'::char(4)) AS length, octet_length('ab'::char(4)) AS bytes;
--> joined | length | bytes
--> ab| | 2 | 4

SELECT 'ab'::char(4) = 'ab' AS equal, 'ab'::char(4) = 'ab  '::char(6) AS longer, 'ab'::char(4)::text = 'ab' AS as_text, 'ab ' = 'ab' AS texts;
--> equal | longer | as_text | texts
--> t | t | t | f

SELECT 'abcdef'::char(3) AS cut, 'abcdef'::varchar(3) AS varchar, 'x'::char AS one, 'xyz'::char AS first;
--> cut | varchar | one | first
--> abc | abc | x | x

CREATE TABLE codes (c CHAR(4), v VARCHAR(4), t TEXT);

INSERT INTO codes VALUES ('ab', 'ab', 'ab'), ('ab  ', 'ab  ', 'ab  '), ('abcd', 'abcd', 'abcd');

INSERT INTO codes VALUES ('abcde', 'a', 'a');
--! 22001: value too long for type character(4)

INSERT INTO codes VALUES ('a', 'abcde', 'a');
--! 22001: value too long for type character varying(4)

INSERT INTO codes VALUES ('ab      ', 'ab      ', 'ab      ');

SELECT '[' || c || ']' AS c, '[' || v || ']' AS v, '[' || t || ']' AS t FROM codes ORDER BY t, v;
--> c | v | t
--> [ab] | [ab  ] | [ab      ]
--> [ab] | [ab  ] | [ab  ]
--> [ab] | [ab] | [ab]
--> [abcd] | [abcd] | [abcd]

SELECT count(*) FILTER (WHERE c = 'ab') AS c, count(*) FILTER (WHERE v = 'ab') AS v, count(*) FILTER (WHERE t = 'ab') AS t FROM codes;
--> c | v | t
--> 3 | 1 | 1

SELECT count(DISTINCT c) AS c, count(DISTINCT v) AS v, count(DISTINCT t) AS t FROM codes;
--> c | v | t
--> 2 | 3 | 4

SELECT lpad('7', 3, '0') AS zeros, rpad('ab', 5, '-') AS right, lpad('abcdef', 3) AS cut, lpad('a', 5, 'xyz') AS cycle, lpad('a', 0) AS none, lpad('a', -1) AS negative;
--> zeros | right | cut | cycle | none | negative
--> 007 | ab--- | abc | xyzxa |  |

SELECT trim('  a b  ') AS both, ltrim('xxabc', 'x') AS left, rtrim('abcyx', 'xy') AS set, btrim('<<a>>', '<>') AS brackets, trim(BOTH FROM ' a ') AS words;
--> both | left | set | brackets | words
--> a b | abc | abc | a | a

SELECT trim(LEADING '0' FROM '000120') AS leading, trim(TRAILING '0' FROM '1.500') AS trailing, trim('ab' FROM 'abba c ba') AS chars, trim('' FROM ' a ') AS nothing;
--> leading | trailing | chars | nothing
--> 120 | 1.5 |  c  |  a

SELECT length(trim(E' \t\n a ')) AS only_spaces, length(trim(E' \t\n' FROM E' \t\n a ')) AS all, ltrim('  ') = '' AS empty;
--> only_spaces | all | empty
--> 4 | 1 | t

SELECT lpad(n::text, 4) AS n, to_char(n, '9999') AS formatted, format('%4s|%-4s|', n, n) AS printf FROM (VALUES (7), (42), (12345)) v(n) ORDER BY n;
--> n | formatted | printf
-->    7 |     7 |    7|7   |
-->   42 |    42 |   42|42  |
--> 1234 |  #### | 12345|12345|
