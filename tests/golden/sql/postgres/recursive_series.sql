-- Series that recursion computes: factorials, Fibonacci, powers, calendars
-- oracle: postgres
-- chapter: queries

WITH RECURSIVE f (n, value) AS (SELECT 0, 1::numeric UNION ALL SELECT n + 1, value * (n + 1) FROM f WHERE n < 25) SELECT n, value FROM f WHERE n IN (5, 20, 25) ORDER BY n;
--> n | value
--> 5 | 120
--> 20 | 2432902008176640000
--> 25 | 15511210043330985984000000

WITH RECURSIVE f (a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM f WHERE b < 100) SELECT string_agg(a::text, ' ' ORDER BY a, b) AS fibonacci FROM f;
--> fibonacci
--> 0 1 1 2 3 5 8 13 21 34 55 89

WITH RECURSIVE f (a, b) AS (SELECT 1::smallint, 2::smallint UNION ALL SELECT b, a + b FROM f WHERE b < 100) SELECT count(*) FROM f;
--> count
--> 10

WITH RECURSIVE p (n, value) AS (SELECT 0, 1::bigint UNION ALL SELECT n + 1, value * 10 FROM p WHERE n < 18) SELECT max(value) FROM p;
--> max
--> 1000000000000000000

WITH RECURSIVE p (n, value) AS (SELECT 0, 1::bigint UNION ALL SELECT n + 1, value * 10 FROM p WHERE n < 19) SELECT max(value) FROM p;
--! 22003: bigint out of range

WITH RECURSIVE month_ends (day) AS (SELECT date '2024-01-31' UNION ALL SELECT (date_trunc('month', day) + interval '2 months - 1 day')::date FROM month_ends WHERE day < '2024-06-01') SELECT day FROM month_ends ORDER BY 1;
--> day
--> 2024-01-31
--> 2024-02-29
--> 2024-03-31
--> 2024-04-30
--> 2024-05-31
--> 2024-06-30

WITH RECURSIVE business (day, n) AS (SELECT date '2024-03-28', 0 UNION ALL SELECT day + CASE extract(isodow FROM day) WHEN 5 THEN 3 ELSE 1 END, n + 1 FROM business WHERE n < 4) SELECT n, day, to_char(day, 'Dy') AS weekday FROM business ORDER BY n;
--> n | day | weekday
--> 0 | 2024-03-28 | Thu
--> 1 | 2024-03-29 | Fri
--> 2 | 2024-04-01 | Mon
--> 3 | 2024-04-02 | Tue
--> 4 | 2024-04-03 | Wed

WITH RECURSIVE collatz (n, step) AS (SELECT 6, 0 UNION ALL SELECT CASE WHEN n % 2 = 0 THEN n / 2 ELSE 3 * n + 1 END, step + 1 FROM collatz WHERE n <> 1) SELECT array_agg(n ORDER BY step) AS collatz FROM collatz;
--> collatz
--> {6,3,10,5,16,8,4,2,1}

WITH RECURSIVE gcd (a, b) AS (SELECT 1071, 462 UNION ALL SELECT b, a % b FROM gcd WHERE b <> 0) SELECT a AS gcd FROM gcd WHERE b = 0;
--> gcd
--> 21

WITH RECURSIVE interest (year, balance) AS (SELECT 0, 1000.00 UNION ALL SELECT year + 1, round(balance * 1.035, 2) FROM interest WHERE year < 4) SELECT * FROM interest ORDER BY year;
--> year | balance
--> 0 | 1000.00
--> 1 | 1035.00
--> 2 | 1071.23
--> 3 | 1108.72
--> 4 | 1147.53

WITH RECURSIVE digits (rest, bits) AS (SELECT 37, '' UNION ALL SELECT rest / 2, (rest % 2)::text || bits FROM digits WHERE rest > 0) SELECT bits FROM digits WHERE rest = 0;
--> bits
--> 100101

WITH RECURSIVE root (n, x) AS (SELECT 0, 1.0::numeric UNION ALL SELECT n + 1, round((x + 2 / x) / 2, 12) FROM root WHERE n < 6) SELECT x AS root_of_two FROM root ORDER BY n DESC LIMIT 1;
--> root_of_two
--> 1.414213562373

WITH RECURSIVE split (word, rest) AS (SELECT '', 'buy,sell,hold,' UNION ALL SELECT split_part(rest, ',', 1), substr(rest, strpos(rest, ',') + 1) FROM split WHERE rest <> '') SELECT word FROM split WHERE word <> '' ORDER BY 1;
--> word
--> buy
--> hold
--> sell

WITH RECURSIVE words (w) AS (VALUES ('a'), ('b') UNION ALL SELECT w || c FROM words, (VALUES ('a'), ('b')) AS l(c) WHERE length(w) < 3) SELECT count(*), min(w), max(w) FROM words;
--> count | min | max
--> 14 | a | bbb

WITH RECURSIVE nothing (x) AS (SELECT 1 WHERE false UNION ALL SELECT x + 1 FROM nothing) SELECT count(*) FROM nothing;
--> count
--> 0
