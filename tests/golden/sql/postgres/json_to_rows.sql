-- JSON as rows with columns
-- oracle: postgres
-- chapter: functions

SELECT * FROM json_to_record('{"a":1,"b":[1,2],"c":"bar"}') AS x(a INTEGER, b TEXT, d TEXT);
--> a | b | d
--> 1 | [1,2] | NULL

SELECT * FROM jsonb_to_recordset('[{"a":1,"b":"foo"}, {"a":"2","c":"bar"}]') AS x(a INTEGER, b TEXT);
--> a | b
--> 1 | foo
--> 2 | NULL

SELECT * FROM jsonb_to_record('{"a":"x"}') AS x(a INTEGER);
--! 22P02: invalid input syntax for type integer: "x"

SELECT * FROM json_to_record('{"a":1}');
--! 42601: a column definition list is required for functions returning "record"

SELECT * FROM json_to_record('[1]') AS x(a INTEGER);
--! 22023: cannot call populate_composite on an array
--~> a
--~> NULL

SELECT a, b FROM jsonb_to_record('{"a":null}') AS x(a INTEGER, b BOOLEAN);
--> a | b
--> NULL | NULL
