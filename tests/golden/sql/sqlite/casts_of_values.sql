-- CAST to each type, of each kind of value
-- oracle: sqlite
-- chapter: expressions

SELECT CAST('12abc' AS INTEGER) AS prefix, CAST('abc' AS INTEGER) AS none, CAST(' 12' AS INTEGER) AS space, CAST('1e3' AS INTEGER) AS exponent, CAST('0x1F' AS INTEGER) AS hexadecimal, CAST('' AS INTEGER) AS empty;
--> prefix | none | space | exponent | hexadecimal | empty
--> 12 | 0 | 12 | 1 | 0 | 0

SELECT CAST(3.99 AS INTEGER) AS a, CAST(-3.99 AS INTEGER) AS b, CAST('3.99' AS INTEGER) AS c, CAST(x'3132' AS INTEGER) AS d, CAST(NULL AS INTEGER) AS e;
--> a | b | c | d | e
--> 3 | -3 | 3 | 12 | NULL

SELECT CAST('1.5xyz' AS REAL) AS a, CAST(5 AS REAL) AS b, CAST('1e3' AS REAL) AS c, CAST('-.5' AS REAL) AS d, CAST('inf' AS REAL) AS e, CAST(x'312e35' AS REAL) AS f;
--> a | b | c | d | e | f
--> 1.5 | 5.0 | 1000.0 | -0.5 | 0.0 | 1.5

SELECT CAST(5 AS TEXT) AS a, CAST(5.0 AS TEXT) AS b, CAST(x'414243' AS TEXT) AS c, CAST(1e20 AS TEXT) AS d, typeof(CAST(5 AS TEXT)) AS e;
--> a | b | c | d | e
--> 5 | 5.0 | ABC | 1.0e+20 | text

SELECT CAST('abc' AS BLOB) AS a, CAST(5 AS BLOB) AS b, CAST(5.5 AS BLOB) AS c, typeof(CAST(NULL AS BLOB)) AS d, typeof(CAST('a' AS BLOB)) AS e;
--> a | b | c | d | e
--> x'616263' | x'35' | x'352e35' | null | blob

SELECT typeof(CAST('5' AS NUMERIC)) AS a, typeof(CAST('5.0' AS NUMERIC)) AS b, typeof(CAST('5.5' AS NUMERIC)) AS c, CAST('abc' AS NUMERIC) AS d, typeof(CAST(5.0 AS NUMERIC)) AS e, CAST('1e3' AS NUMERIC) AS f;
--> a | b | c | d | e | f
--> integer | integer | real | 0 | real | 1000

SELECT typeof(CAST('5' AS VARCHAR(10))) AS varchar, typeof(CAST(5 AS CHARACTER)) AS character, typeof(CAST('5' AS BIGINT)) AS bigint, typeof(CAST('5' AS DOUBLE PRECISION)) AS double, typeof(CAST('5' AS DECIMAL(5,2))) AS decimal, typeof(CAST('5' AS BOOLEAN)) AS boolean;
--> varchar | character | bigint | double | decimal | boolean
--> text | text | integer | real | integer | integer

SELECT typeof(CAST('2024-01-05' AS DATE)) AS date_type, CAST('2024-01-05' AS DATE) AS date, CAST('x' AS UNHEARD_OF) AS unknown, typeof(CAST('5' AS INT8)) AS int8, typeof(CAST('5' AS FLOATING POINT)) AS floating_point;
--> date_type | date | unknown | int8 | floating_point
--> integer | 2024 | 0 | integer | integer

SELECT CAST('9223372036854775807' AS INTEGER) AS a, CAST('9223372036854775808' AS NUMERIC) AS b, CAST(9223372036854775807 AS REAL) AS c;
--> a | b | c
--> 9223372036854775807 | 9.223372036854776e18 | 9.223372036854776e18

SELECT CAST(CAST('  7' AS INTEGER) || 'x' AS INTEGER) AS nested, CAST(1 = 1 AS TEXT) AS of_truth, CAST('true' AS INTEGER) AS word;
--> nested | of_truth | word
--> 7 | 1 | 0

SELECT CAST('12' AS INTEGER) + '1' AS sum, CAST('12' AS TEXT) + 1 AS text_sum, CAST(1.5 AS INTEGER) * 2 AS cut_first, CAST(1.5 * 2 AS INTEGER) AS cut_last;
--> sum | text_sum | cut_first | cut_last
--> 13 | 13 | 2 | 3

SELECT length(CAST(12345 AS TEXT)) AS digits, length(12345) AS number, length(CAST('é' AS BLOB)) AS bytes, hex(CAST('é' AS BLOB)) AS hex;
--> digits | number | bytes | hex
--> 5 | 5 | 2 | C3A9
