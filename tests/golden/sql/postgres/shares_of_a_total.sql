-- Shares of a total, of a group, running and by ranks
-- oracle: postgres
-- chapter: windows

CREATE TABLE positions (desk TEXT, symbol TEXT, value NUMERIC);

INSERT INTO positions VALUES ('fx', 'EUR', 60), ('fx', 'GBP', 30), ('fx', 'JPY', 10), ('eq', 'AAA', 150), ('eq', 'BBB', 50);

SELECT symbol, round(100 * value / sum(value) OVER (), 2) AS percent FROM positions ORDER BY symbol;
--> symbol | percent
--> AAA | 50.00
--> BBB | 16.67
--> EUR | 20.00
--> GBP | 10.00
--> JPY | 3.33

SELECT desk, symbol, round(value / sum(value) OVER (PARTITION BY desk), 4) AS of_desk FROM positions ORDER BY 1, 2;
--> desk | symbol | of_desk
--> eq | AAA | 0.7500
--> eq | BBB | 0.2500
--> fx | EUR | 0.6000
--> fx | GBP | 0.3000
--> fx | JPY | 0.1000

SELECT desk, sum(value) AS value, round(sum(value) / sum(sum(value)) OVER (), 4) AS share FROM positions GROUP BY desk ORDER BY desk;
--> desk | value | share
--> eq | 200 | 0.6667
--> fx | 100 | 0.3333

SELECT symbol, value, sum(value) OVER (ORDER BY value DESC) AS running, round(sum(value) OVER (ORDER BY value DESC) / sum(value) OVER (), 4) AS cumulative FROM positions ORDER BY value DESC;
--> symbol | value | running | cumulative
--> AAA | 150 | 150 | 0.5000
--> EUR | 60 | 210 | 0.7000
--> BBB | 50 | 260 | 0.8667
--> GBP | 30 | 290 | 0.9667
--> JPY | 10 | 300 | 1.0000

SELECT symbol FROM (SELECT symbol, value, sum(value) OVER (ORDER BY value DESC) - value AS before, sum(value) OVER () AS total FROM positions) p WHERE before < 0.8 * total ORDER BY value DESC;
--> symbol
--> AAA
--> EUR
--> BBB

SELECT desk, symbol, value - avg(value) OVER (PARTITION BY desk) AS above_average FROM positions ORDER BY 1, 2;
--> desk | symbol | above_average
--> eq | AAA | 50.0000000000000000
--> eq | BBB | -50.0000000000000000
--> fx | EUR | 26.6666666666666667
--> fx | GBP | -3.3333333333333333
--> fx | JPY | -23.3333333333333333

SELECT symbol, rank() OVER (ORDER BY value DESC) AS place, count(*) OVER () AS of FROM positions ORDER BY place;
--> symbol | place | of
--> AAA | 1 | 5
--> EUR | 2 | 5
--> BBB | 3 | 5
--> GBP | 4 | 5
--> JPY | 5 | 5

SELECT symbol, round(percent_rank() OVER (ORDER BY value)::numeric, 4) AS percent_rank, round(cume_dist() OVER (ORDER BY value)::numeric, 4) AS cume_dist FROM positions ORDER BY value;
--> symbol | percent_rank | cume_dist
--> JPY | 0.0000 | 0.2000
--> GBP | 0.2500 | 0.4000
--> BBB | 0.5000 | 0.6000
--> EUR | 0.7500 | 0.8000
--> AAA | 1.0000 | 1.0000

SELECT round(sum(share * share), 4) AS concentration FROM (SELECT value / sum(value) OVER () AS share FROM positions) s;
--> concentration
--> 0.3289

SELECT desk, symbol, value FROM positions WHERE value = (SELECT max(value) FROM positions p WHERE p.desk = positions.desk) ORDER BY 1;
--> desk | symbol | value
--> eq | AAA | 150
--> fx | EUR | 60

SELECT desk, max(value) / sum(value) AS largest FROM positions GROUP BY desk ORDER BY 1;
--> desk | largest
--> eq | 0.75000000000000000000
--> fx | 0.60000000000000000000

SELECT symbol, floor(100 * value / sum(value) OVER ()) AS whole, row_number() OVER (ORDER BY 100 * value / 300 % 1 DESC, symbol) AS remainder_place FROM positions ORDER BY symbol;
--> symbol | whole | remainder_place
--> AAA | 50 | 3
--> BBB | 16 | 1
--> EUR | 20 | 4
--> GBP | 10 | 5
--> JPY | 3 | 2

SELECT coalesce(desk, 'all') AS desk, round(sum(value) / (SELECT sum(value) FROM positions), 2) AS share FROM positions GROUP BY ROLLUP (desk) ORDER BY desk;
--> desk | share
--> all | 1.00
--> eq | 0.67
--> fx | 0.33
