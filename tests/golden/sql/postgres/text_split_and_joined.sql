-- Texts split into parts and joined again
-- oracle: postgres
-- chapter: functions

SELECT split_part('a,b,c', ',', 1) AS first, split_part('a,b,c', ',', 4) AS none, split_part('a,b,c', ',', -1) AS last, split_part('abc', ',', 1) AS whole, split_part('a,b', '', 1) AS no_separator;
--> first | none | last | whole | no_separator
--> a |  | c | abc | a,b

SELECT split_part('a,b', ',', 0);
--! 22023: field position must not be zero

SELECT string_to_array('a,b,,c', ',') AS parts, string_to_array('a,b,,c', ',', '') AS nulls, string_to_array('abc', NULL) AS letters, string_to_array('', ',') AS empty, string_to_array('abc', '') AS whole;
--> parts | nulls | letters | empty | whole
--> {a,b,"",c} | {a,b,NULL,c} | {a,b,c} | {} | {abc}

SELECT array_to_string(ARRAY['a', NULL, 'c'], ',') AS skipped, array_to_string(ARRAY['a', NULL, 'c'], ',', '?') AS shown, array_to_string(ARRAY[1, 2, 3], '-') AS numbers, array_to_string(ARRAY[[1, 2], [3, 4]], ' ') AS nested;
--> skipped | shown | numbers | nested
--> a,c | a,?,c | 1-2-3 | 1 2 3 4

SELECT string_to_table('x-y-z', '-') AS part;
--> part
--> x
--> y
--> z

SELECT n, part FROM string_to_table('1;2;NULL', ';', 'NULL') WITH ORDINALITY AS t(part, n) ORDER BY n;
--> n | part
--> 1 | 1
--> 2 | 2
--> 3 | NULL

SELECT string_agg(part, '/' ORDER BY n DESC) AS reversed FROM unnest(string_to_array('a/b/c', '/')) WITH ORDINALITY AS t(part, n);
--> reversed
--> c/b/a

SELECT concat_ws(', ', 'a', NULL, 'b', '') AS ws, concat_ws(NULL, 'a', 'b') AS no_separator, concat('a', 1, true, NULL) AS concat, 'a' || NULL AS operator;
--> ws | no_separator | concat | operator
--> a, b,  | NULL | a1t | NULL

SELECT id, string_agg(tag, ',' ORDER BY tag) AS tags FROM (VALUES (1, 'x'), (1, 'a'), (2, NULL)) v(id, tag) GROUP BY id ORDER BY id;
--> id | tags
--> 1 | a,x
--> 2 | NULL

SELECT sum(x::integer) AS sum FROM unnest(string_to_array('1,2,3', ',')) AS x;
--> sum
--> 6

SELECT w, count(*) FROM regexp_split_to_table(lower('To be or not to be'), '\s+') AS w GROUP BY w ORDER BY count(*) DESC, w;
--> w | count
--> be | 2
--> to | 2
--> not | 1
--> or | 1

SELECT initcap(replace('snake_case_name', '_', ' ')) AS title, lower(regexp_replace('camelCaseName', '([A-Z])', '_\1', 'g')) AS snake;
--> title | snake
--> Snake Case Name | camel_case_name

SELECT length('a,b,c') - length(replace('a,b,c', ',', '')) AS commas, (length('banana') - length(replace('banana', 'an', ''))) / 2 AS times;
--> commas | times
--> 2 | 2

SELECT left('abcdef', 2) AS l, left('abcdef', -2) AS all_but, right('abcdef', 2) AS r, right('abcdef', -2) AS from_third, left('ab', 9) AS whole, left('ab', 0) AS none;
--> l | all_but | r | from_third | whole | none
--> ab | abcd | ef | cdef | ab |

SELECT substr('abcdef', 2, 3) AS s, substr('abcdef', -1, 3) AS before, substr('abcdef', 5) AS rest, substr('abcdef', 9) AS behind;
--> s | before | rest | behind
--> bcd | a | ef |

SELECT substr('abc', 1, -1);
--! 22011: negative substring length not allowed

SELECT format('%s has %s of %I at %L', 'ann', 5, 'my table', 'it''s') AS formatted, format('%2$s %1$s', 'a', 'b') AS placed, format('%%') AS percent, format('%s', NULL) AS n;
--> formatted | placed | percent | n
--> ann has 5 of "my table" at 'it''s' | b a | % |
