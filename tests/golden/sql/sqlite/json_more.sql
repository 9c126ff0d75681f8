-- JSON that is laid out, and values that are put before items of arrays
-- oracle: sqlite
-- chapter: functions

SELECT replace(json_pretty('{"a":[1,{"b":null}],"c":{},"d":[]}'), char(10), '/') AS laid_out;
--> laid_out
--> {/    "a": [/        1,/        {/            "b": null/        }/    ],/    "c": {},/    "d": []/}

SELECT replace(json_pretty('[1,[2]]', '-'), char(10), '/') AS indented, json_pretty(NULL) AS none, json_pretty('"x"') AS plain;
--> indented | none | plain
--> [/-1,/-[/--2/-]/] | NULL | "x"

SELECT json_array_insert('[1,2,3]', '$[1]', 'x') AS inside, json_array_insert('[1,2,3]', '$[#]', 4) AS behind, json_array_insert('[1,2,3]', '$[9]', 4) AS beyond;
--> inside | behind | beyond
--> [1,"x",2,3] | [1,2,3,4] | [1,2,3]

SELECT json_array_insert('{"a":[1]}', '$.a[0]', 0) AS deep, json_array_insert('{}', '$.a[0]', 0) AS made;
--> deep | made
--> {"a":[0,1]} | {"a":[0]}

SELECT json_array_insert('{"a":[1]}', '$.a', 0);
--! not an array element: '$.a'

SELECT json_array_insert('[1]', '$', 0) AS whole;
--> whole
--> [1]

SELECT json_extract('{}', '$.a[x') AS not_taken, json_extract('5', '$[x') AS of_no_array;
--> not_taken | of_no_array
--> NULL | NULL

SELECT json_extract('[1]', '$[x');
--! bad JSON path: '$[x'

SELECT json_extract('{"a":1}', '$.a..b');
--! bad JSON path: '$.a..b'

SELECT json_extract('{"a\"b":1}', '$."a\"b"') AS escaped;
--> escaped
--> 1

SELECT json_valid('{}', 0);
--! FLAGS parameter to json_valid() must be between 1 and 15
