-- CREATE FUNCTION, triggers and rules
-- oracle: postgres
-- chapter: definitions

CREATE FUNCTION add(a INTEGER, b INTEGER) RETURNS INTEGER AS 'SELECT a + b' LANGUAGE SQL;
--~! 0A000: functions and procedures of users are not supported

SELECT add(1, 2);
--> add
--> 3
--~! 42883: function add(integer, integer) does not exist

DROP FUNCTION IF EXISTS nothing(INTEGER);
--~! 0A000: functions and procedures of users are not supported

DROP FUNCTION nothing(INTEGER);
--! 42883: function nothing(integer) does not exist
--~! 0A000: functions and procedures of users are not supported

CREATE TABLE t (x INTEGER);

CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing();
--! 42883: function nothing() does not exist
--~! 0A000: triggers are not supported

CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;
--~! 0A000: CREATE RULE r is not supported

INSERT INTO t VALUES (1);

SELECT count(*) FROM t;
--> count
--> 0
--~> count
--~> 1

DO $$ BEGIN NULL; END $$;
--~! 0A000: DO is not supported: there is no procedural language

CREATE PROCEDURE p() LANGUAGE SQL AS 'SELECT 1';
--~! 42601: syntax error at or near "'SELECT 1'"

CALL p();
--~! 0A000: functions and procedures of users are not supported

CREATE AGGREGATE product(INTEGER) (SFUNC = int4mul, STYPE = INTEGER);
--~! 0A000: CREATE AGGREGATE product is not supported

SELECT product(x) FROM (VALUES (2), (3)) v(x);
--> product
--> 6
--~! 42883: function product(integer) does not exist

CREATE CAST (INTEGER AS BOOLEAN) WITHOUT FUNCTION;
--! 42P17: source and target data types are not physically compatible
--~! 42601: syntax error at or near "CAST"

CREATE EXTENSION nothing;
--! 0A000: extension "nothing" is not available
--~! 0A000: extensions are not supported
