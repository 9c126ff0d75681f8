-- Class 42: operators, functions and casts that are not there for these types
-- oracle: postgres
-- chapter: errors

SELECT 1 + 'a';
--! 22P02: invalid input syntax for type integer: "a"

SELECT 1 + true;
--! 42883: operator does not exist: integer + boolean

SELECT 'a' + 'b';
--! 42725: operator is not unique: unknown + unknown

SELECT date '2024-01-01' + date '2024-01-02';
--! 42883: operator does not exist: date + date

SELECT date '2024-01-01' * 2;
--! 42883: operator does not exist: date * integer

SELECT 1 || 2;
--! 42883: operator does not exist: integer || integer

SELECT 1 = '1' AS literal_is_read, '1' = 1 AS other_way;
--> literal_is_read | other_way
--> t | t

SELECT 1 = true;
--! 42883: operator does not exist: integer = boolean

SELECT text '1' = 1;
--! 42883: operator does not exist: text = integer

SELECT date '2024-01-01' = 5;
--! 42883: operator does not exist: date = integer

SELECT ARRAY[1] = 1;
--! 42883: operator does not exist: integer[] = integer

SELECT ARRAY[1] || ARRAY['a'];
--! 42883: operator does not exist: integer[] || text[]

SELECT '{}'::json = '{}'::json;
--! 42883: operator does not exist: json = json

SELECT NOT 1;
--! 42804: argument of NOT must be type boolean, not type integer

SELECT 1 AND true;
--! 42804: argument of AND must be type boolean, not type integer

SELECT -'a';
--! 42725: operator is not unique: - unknown

SELECT -text 'a';
--! 42883: operator does not exist: - text

SELECT upper(1);
--! 42883: function upper(integer) does not exist

SELECT abs('a');
--! 22P02: invalid input syntax for type double precision: "a"

SELECT abs(date '2024-01-01');
--! 42883: function abs(date) does not exist

SELECT length(123);
--! 42883: function length(integer) does not exist

SELECT sum('a');
--! 42725: function sum(unknown) is not unique

SELECT sum(text 'a');
--! 42883: function sum(text) does not exist

SELECT max(ARRAY[1, 2], 3);
--! 42883: function max(integer[], integer) does not exist

SELECT round(1.5::float8, 1);
--! 42883: function round(double precision, integer) does not exist

SELECT now(1);
--! 42883: function now(integer) does not exist

SELECT no_such_function(1, 'a');
--! 42883: function no_such_function(integer, unknown) does not exist

SELECT 5::date;
--! 42846: cannot cast type integer to date

SELECT true::date;
--! 42846: cannot cast type boolean to date

SELECT date '2024-01-01'::integer;
--! 42846: cannot cast type date to integer

SELECT ARRAY[1]::integer;
--! 42846: cannot cast type integer[] to integer

SELECT '{1}'::integer[]::date[];
--! 42846: cannot cast type integer[] to date[]

SELECT 1::no_such_type;
--! 42704: type "no_such_type" does not exist

SELECT CAST('a' AS varchar(0));
--! 22023: length for type varchar must be at least 1

SELECT 1.5::numeric(0);
--! 22023: NUMERIC precision 0 must be between 1 and 1000

SELECT 1.5::numeric(2000);
--! 22023: NUMERIC precision 2000 must be between 1 and 1000

SELECT CASE WHEN 'a' THEN 1 END;
--! 22P02: invalid input syntax for type boolean: "a"

SELECT 1 WHERE 1;
--! 42804: argument of WHERE must be type boolean, not type integer

SELECT 1 LIMIT 'x';
--! 22P02: invalid input syntax for type bigint: "x"

SELECT coalesce(1, 'a');
--! 22P02: invalid input syntax for type integer: "a"

SELECT coalesce(1, true);
--! 42804: COALESCE types integer and boolean cannot be matched

SELECT greatest(1, date '2024-01-01');
--! 42804: GREATEST types integer and date cannot be matched

SELECT 1 UNION SELECT 'a';
--! 22P02: invalid input syntax for type integer: "a"

SELECT 1 UNION SELECT true;
--! 42804: UNION types integer and boolean cannot be matched

SELECT 1 IN ('a');
--! 22P02: invalid input syntax for type integer: "a"

SELECT 1 IN (true);
--! 42883: operator does not exist: integer = boolean
