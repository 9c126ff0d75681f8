-- A table's name stands for its row
-- oracle: postgres
-- chapter: expressions

CREATE TABLE pair (a INTEGER, b TEXT);

INSERT INTO pair VALUES (1, 'one'), (2, NULL), (NULL, NULL);

SELECT pair FROM pair ORDER BY a;
--> pair
--> (1,one)
--> (2,)
--> (,)

SELECT p FROM pair AS p WHERE p IS NOT NULL ORDER BY a;
--> p
--> (1,one)

SELECT count(p) AS rows, count(p.a) AS values FROM pair AS p;
--> rows | values
--> 3 | 2

SELECT p.* FROM pair AS p WHERE p = ROW(1, 'one');
--! 42804: cannot compare dissimilar column types text and unknown at record column 2
--~> a | b
--~> 1 | one

SELECT (p).a FROM pair p ORDER BY 1;
--> a
--> 1
--> 2
--> NULL

SELECT row_to_json(p) FROM pair p ORDER BY a;
--> row_to_json
--> {"a":1,"b":"one"}
--> {"a":2,"b":null}
--> {"a":null,"b":null}

SELECT to_jsonb(p) FROM pair p ORDER BY a;
--> to_jsonb
--> {"a": 1, "b": "one"}
--> {"a": 2, "b": null}
--> {"a": null, "b": null}

SELECT DISTINCT p FROM pair p ORDER BY p;
--> p
--> (1,one)
--> (2,)
--> (,)
