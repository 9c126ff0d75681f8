-- json_group_array and json_group_object
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE fills (id INTEGER PRIMARY KEY, symbol TEXT, price REAL, note TEXT);

INSERT INTO fills VALUES (1, 'A', 10.5, 'x'), (2, 'A', 11.0, NULL), (3, 'B', 7, '[1]'), (4, 'C', NULL, 'z');

SELECT symbol, json_group_array(price) AS prices FROM fills GROUP BY symbol ORDER BY symbol;
--> symbol | prices
--> A | [10.5,11.0]
--> B | [7.0]
--> C | [null]

SELECT symbol, json_group_array(price ORDER BY id DESC) AS prices, json_group_array(DISTINCT symbol) AS symbols FROM fills GROUP BY symbol ORDER BY symbol;
--> symbol | prices | symbols
--> A | [11.0,10.5] | ["A"]
--> B | [7.0] | ["B"]
--> C | [null] | ["C"]

SELECT json_group_object(id, note) AS notes FROM fills;
--> notes
--> {"1":"x","2":null,"3":"[1]","4":"z"}

SELECT json_group_array(note) FILTER (WHERE note IS NOT NULL) AS known, json_group_array(note) FILTER (WHERE id > 9) AS none FROM fills;
--> known | none
--> ["x","[1]","z"] | []

SELECT json_group_array(json_object('id', id, 'price', price)) AS objects FROM fills WHERE symbol = 'A';
--> objects
--> [{"id":1,"price":10.5},{"id":2,"price":11.0}]

SELECT json_object('symbol', symbol, 'fills', json_group_array(json_object('id', id, 'note', note))) AS document FROM fills GROUP BY symbol ORDER BY symbol;
--> document
--> {"symbol":"A","fills":[{"id":1,"note":"x"},{"id":2,"note":null}]}
--> {"symbol":"B","fills":[{"id":3,"note":"[1]"}]}
--> {"symbol":"C","fills":[{"id":4,"note":"z"}]}

SELECT json_group_array(note) AS texts, json_group_array(json(note)) AS jsons FROM fills WHERE id = 3;
--> texts | jsons
--> ["[1]"] | [[1]]

SELECT json_group_object(symbol, n) AS counts FROM (SELECT symbol, count(*) AS n FROM fills GROUP BY symbol ORDER BY symbol);
--> counts
--> {"A":2,"B":1,"C":1}

SELECT json_group_array(x) AS of_nothing FROM (SELECT 1 AS x WHERE 0);
--> of_nothing
--> []

SELECT json_group_object('a', 1) AS of_nothing FROM fills WHERE 0;
--> of_nothing
--> {}

SELECT json_group_array(id) OVER (ORDER BY id) AS so_far FROM fills ORDER BY id;
--> so_far
--> [1]
--> [1,2]
--> [1,2,3]
--> [1,2,3,4]

SELECT json_group_array(id) OVER (ORDER BY id ROWS 1 PRECEDING) AS two FROM fills ORDER BY id;
--> two
--> [1]
--> [1,2]
--> [2,3]
--> [3,4]

SELECT json_group_object(NULL, 1) AS null_key, json_group_object('a', NULL) AS null_value;
--> null_key | null_value
--> {} | {"a":null}

SELECT json_array_length(json_group_array(id)) AS n, json_extract(json_group_array(id ORDER BY id), '$[#-1]') AS last FROM fills;
--> n | last
--> 4 | 4

SELECT json_group_array(value * 2) AS doubled FROM json_each('[1, 2, 3]');
--> doubled
--> [2,4,6]

SELECT json_group_array(id + 0.5) AS reals, json_group_array(id = 1) AS truths FROM fills WHERE id < 3;
--> reals | truths
--> [1.5,2.5] | [1,0]
