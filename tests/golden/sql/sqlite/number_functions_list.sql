-- Functions of numbers
-- oracle: sqlite
-- chapter: functions

SELECT abs(-5), abs(5.5), abs('x'), abs('-3'), abs(NULL), sign(-2), sign(0), sign(2.5), sign('x');
--> abs(-5) | abs(5.5) | abs('x') | abs('-3') | abs(NULL) | sign(-2) | sign(0) | sign(2.5) | sign('x')
--> 5 | 5.5 | 0.0 | 3.0 | NULL | -1 | 0 | 1 | NULL

SELECT max(1, 2), min(1, 'a'), max(NULL, 1), max('a', 'b', 'B');
--> max(1, 2) | min(1, 'a') | max(NULL, 1) | max('a', 'b', 'B')
--> 2 | 1 | NULL | b

SELECT random() = random(), typeof(random()), abs(random() % 10) < 10, length(randomblob(4)), zeroblob(3);
--> random() = random() | typeof(random()) | abs(random() % 10) < 10 | length(randomblob(4)) | zeroblob(3)
--> 0 | integer | 1 | 4 | x'000000'

SELECT round(2.675, 2), round(-0.4), round(0.5), round(1.5), round(12.3456, 3), round(5, 2), typeof(round(5));
--> round(2.675, 2) | round(-0.4) | round(0.5) | round(1.5) | round(12.3456, 3) | round(5, 2) | typeof(round(5))
--> 2.67 | 0.0 | 1.0 | 2.0 | 12.346 | 5.0 | real

SELECT abs();
--! wrong number of arguments to function abs()
