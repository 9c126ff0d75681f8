-- xml
-- oracle: postgres
-- chapter: types

SELECT xml '<a>1</a>' AS x;
--> x
--> <a>1</a>
--~! 42704: type "xml" does not exist

SELECT xmlelement(name trade, xmlattributes('ACME' AS symbol), 5) AS e;
--> e
--> <trade symbol="ACME">5</trade>
--~! 42601: syntax error at or near "trade"

SELECT xmlforest(1 AS a, 'x' AS b) AS f;
--> f
--> <a>1</a><b>x</b>
--~! 0A000: 1 AS a is not supported

SELECT xmlconcat('<a/>', '<b/>') AS c;
--> c
--> <a/><b/>
--~! 42883: function xmlconcat(unknown, unknown) does not exist
