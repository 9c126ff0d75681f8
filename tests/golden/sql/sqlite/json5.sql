-- JSON5 is taken as JSON, and written as JSON
-- oracle: sqlite
-- chapter: functions

SELECT json('{a:1, b:''x'', /* c */ c:0x1F,}') AS object, json('[1,.5,5.,+3,-0x10,]') AS numbers;
--> object | numbers
--> {"a":1,"b":"x","c":31} | [1,0.5,5.0,3,-16]

SELECT json_valid('{a:1}') AS standard, json_valid('{a:1}', 2) AS extended, json_valid('[1]', 1) AS plain, json_valid(x'5b315d', 6) AS bytes;
--> standard | extended | plain | bytes
--> 0 | 1 | 1 | 1

SELECT json('[Infinity,-inf,NaN,null]') AS words, json_type('[inf]', '$[0]') AS kind;
--> words | kind
--> [9e999,-9e999,null,null] | real

SELECT json_extract('{"a":"x\
y", $b:''it\''s''}', '$.a', '$.$b') AS texts;
--> texts
--> ["xy","it's"]

SELECT json('// before
[1, 2] /* behind */') AS commented, json('{"a":{},"b":[],}') AS empty;
--> commented | empty
--> [1,2] | {"a":{},"b":[]}

SELECT json('{,}');
--! malformed JSON

SELECT json('[1,,2]');
--! malformed JSON

SELECT json('{null:1}');
--! malformed JSON

SELECT json_error_position('[1,2') AS open, json_error_position('{"a":1}') AS none, json_error_position('{a:tru}') AS word, json_error_position('[1}') AS closed, json_error_position('"a') AS text, json_error_position('[01]') AS zero;
--> open | none | word | closed | text | zero
--> 5 | 0 | 4 | 3 | 3 | 3

SELECT json_extract(x'7b2261223a317d', '$.a') AS of_bytes;
--> of_bytes
--> 1
