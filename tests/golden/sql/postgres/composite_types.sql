-- Composite types: CREATE TYPE, fields, and rows of tables
-- oracle: postgres
-- chapter: types

CREATE TYPE item AS (name TEXT, price NUMERIC);
--~! 0A000: types other than enums are not supported

CREATE TABLE on_hand (i item, count INTEGER);
--~! 42704: type "item" does not exist

INSERT INTO on_hand VALUES (ROW('dice', 1.99), 1000);
--~! 42P01: relation "on_hand" does not exist

SELECT (i).name, (i).price * count AS worth FROM on_hand ORDER BY 1;
--> name | worth
--> dice | 1990.00
--~! 42P01: relation "on_hand" does not exist
