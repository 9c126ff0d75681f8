-- SET of elements: arrays, slices, several at once, jsonb
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER[], m INTEGER[][], d JSONB);

INSERT INTO t VALUES (1, '{1,2,3}', '{{1,2},{3,4}}', '{"x": [1, 2]}'), (2, NULL, NULL, NULL);

UPDATE t SET a[2] = 20, a[3] = a[1] + a[2] WHERE id = 1 RETURNING a;
--> a
--> {1,20,3}

UPDATE t SET a[6] = 60 WHERE id = 1 RETURNING a;
--> a
--> {1,20,3,NULL,NULL,60}

UPDATE t SET a[-1] = 0 WHERE id = 1 RETURNING a;
--> a
--> [-1:6]={0,NULL,1,20,3,NULL,NULL,60}

UPDATE t SET a[1] = 7 WHERE id = 2 RETURNING a;
--> a
--> {7}

UPDATE t SET a[2:3] = '{8,9}' WHERE id = 2 RETURNING a;
--> a
--> {7,8,9}

UPDATE t SET a[:2] = ARRAY[5, 6] WHERE id = 2 RETURNING a;
--> a
--> {5,6,9}

UPDATE t SET a[3:] = '{1}' WHERE id = 2 RETURNING a;
--> a
--> {5,6,1}

UPDATE t SET a[1:3] = '{1}' WHERE id = 2;
--! 2202E: source array too small

UPDATE t SET m[2][1] = 30 WHERE id = 1 RETURNING m;
--> m
--> {{1,2},{30,4}}

UPDATE t SET m[3][1] = 30 WHERE id = 1;
--! 2202E: array subscript out of range

UPDATE t SET m[1] = 30 WHERE id = 1;
--! 2202E: wrong number of array subscripts

UPDATE t SET a[NULL] = 1 WHERE id = 1;
--! 22004: array subscript in assignment must not be null

UPDATE t SET a[1] = 'x' WHERE id = 1;
--! 22P02: invalid input syntax for type integer: "x"

UPDATE t SET a[1] = NULL WHERE id = 2 RETURNING a;
--> a
--> {NULL,6,1}

UPDATE t SET id[1] = 1;
--! 42804: cannot subscript type integer because it does not support subscripting

UPDATE t SET d['x'][0] = '10', d['y'] = '"new"' WHERE id = 1 RETURNING d;
--> d
--> {"x": [10, 2], "y": "new"}

UPDATE t SET d['x'][4] = 'true' WHERE id = 1 RETURNING d;
--> d
--> {"x": [10, 2, null, null, true], "y": "new"}

UPDATE t SET d['a']['b'] = '1' WHERE id = 2 RETURNING d;
--> d
--> {"a": {"b": 1}}

UPDATE t SET d['a']['b']['c'] = '1' WHERE id = 2;
--! 22023: cannot replace existing key

UPDATE t SET d['x']['k'] = '1' WHERE id = 1;
--! 22P02: path element at position 2 is not an integer: "k"

UPDATE t SET d['z'] = NULL WHERE id = 2 RETURNING d;
--> d
--> {"a": {"b": 1}, "z": null}

INSERT INTO t (id, a) VALUES (1, '{}') ON CONFLICT (id) DO UPDATE SET a[1] = excluded.id RETURNING a;
--> a
--> [-1:6]={0,NULL,1,20,3,NULL,NULL,60}
