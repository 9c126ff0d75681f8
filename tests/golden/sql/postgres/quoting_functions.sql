-- Quoting names and literals
-- oracle: postgres
-- chapter: functions

SELECT quote_ident('name') AS plain, quote_ident('Foo bar') AS quoted, quote_ident('select') AS keyword, quote_ident('a"b') AS doubled;
--> plain | quoted | keyword | doubled
--> name | "Foo bar" | "select" | "a""b"

SELECT quote_literal('it''s') AS l, quote_literal('a\b') AS backslash, quote_literal(42) AS number, quote_literal(NULL) AS n, quote_nullable(NULL) AS nullable, quote_nullable('x') AS x;
--> l | backslash | number | n | nullable | x
--> 'it''s' | E'a\\b' | '42' | NULL | NULL | 'x'

SELECT parse_ident('"SomeSchema".someTable') AS p, parse_ident('a.b.c') AS q;
--> p | q
--> {SomeSchema,sometable} | {a,b,c}

SELECT parse_ident('a b');
--! 22023: string is not a valid identifier: "a b"

SELECT parse_ident('');
--! 22023: string is not a valid identifier: ""
