-- inet, cidr and macaddr
-- oracle: postgres
-- chapter: types

SELECT '192.168.1.5/24'::inet AS i, '192.168.1.0/24'::cidr AS c, '10'::cidr AS short, '::1'::inet AS v6;
--> i | c | short | v6
--> 192.168.1.5/24 | 192.168.1.0/24 | 10.0.0.0/8 | ::1
--~! 42704: type "inet" does not exist

SELECT '192.168.1.5/24'::cidr;
--! 22P02: invalid cidr value: "192.168.1.5/24"
--~! 42704: type "cidr" does not exist

SELECT '300.1.1.1'::inet;
--! 22P02: invalid input syntax for type inet: "300.1.1.1"
--~! 42704: type "inet" does not exist

SELECT host('192.168.1.5/24'::inet) AS h, masklen('192.168.1.5/24'::inet) AS m, network('192.168.1.5/24'::inet) AS n, broadcast('192.168.1.5/24'::inet) AS b;
--> h | m | n | b
--> 192.168.1.5 | 24 | 192.168.1.0/24 | 192.168.1.255/24
--~! 42704: type "inet" does not exist

SELECT inet '192.168.1.5' << inet '192.168.1/24' AS inside, inet '192.168.1/24' >> inet '192.168.1.5' AS holds, inet '192.168.1/24' && inet '192.168.1.80/28' AS meets;
--> inside | holds | meets
--> t | t | t
--~! 42704: type "inet" does not exist

SELECT inet '192.168.1.5' + 10 AS plus, inet '192.168.1.43' - inet '192.168.1.19' AS minus, ~ inet '192.168.1.6' AS negated;
--> plus | minus | negated
--> 192.168.1.15 | 24 | 63.87.254.249
--~! 42704: type "inet" does not exist

SELECT '08:00:2b:01:02:03'::macaddr AS m, '08002b010203'::macaddr AS packed, trunc('08:00:2b:01:02:03'::macaddr) AS t;
--> m | packed | t
--> 08:00:2b:01:02:03 | 08:00:2b:01:02:03 | 08:00:2b:00:00:00
--~! 42704: type "macaddr" does not exist

SELECT family('::1'::inet) AS f, abbrev('10.1.0.0/16'::cidr) AS a, text('10.1.2.3'::inet) AS t;
--> f | a | t
--> 6 | 10.1/16 | 10.1.2.3/32
--~! 42704: type "inet" does not exist
