-- Balances that depend on those before: floors, smoothing, amortization
-- oracle: postgres
-- chapter: queries

CREATE TABLE moves (n INTEGER PRIMARY KEY, amount NUMERIC);

INSERT INTO moves VALUES (1, 50), (2, -80), (3, 30), (4, -10), (5, 25);

WITH RECURSIVE floored (n, balance) AS (
  SELECT 0, 0::numeric
  UNION ALL
  SELECT m.n, greatest(f.balance + m.amount, 0) FROM floored f JOIN moves m ON m.n = f.n + 1
) SELECT n, balance FROM floored ORDER BY n;
--> n | balance
--> 0 | 0
--> 1 | 50
--> 2 | 0
--> 3 | 30
--> 4 | 20
--> 5 | 45

SELECT n, sum(amount) OVER (ORDER BY n) AS balance FROM moves ORDER BY n;
--> n | balance
--> 1 | 50
--> 2 | -30
--> 3 | 0
--> 4 | -10
--> 5 | 15

WITH RECURSIVE smooth (n, value) AS (
  SELECT n, amount FROM moves WHERE n = 1
  UNION ALL
  SELECT m.n, round(0.5 * m.amount + 0.5 * s.value, 4) FROM smooth s JOIN moves m ON m.n = s.n + 1
) SELECT * FROM smooth ORDER BY n;
--> n | value
--> 1 | 50
--> 2 | -15.0000
--> 3 | 7.5000
--> 4 | -1.2500
--> 5 | 11.8750

WITH RECURSIVE loan (month, paid, interest, rest) AS (
  SELECT 0, 0.00, 0.00, 1000.00
  UNION ALL
  SELECT month + 1, least(260, rest + round(rest * 0.01, 2)), round(rest * 0.01, 2), rest + round(rest * 0.01, 2) - least(260, rest + round(rest * 0.01, 2)) FROM loan WHERE rest > 0
) SELECT * FROM loan ORDER BY month;
--> month | paid | interest | rest
--> 0 | 0.00 | 0.00 | 1000.00
--> 1 | 260 | 10.00 | 750.00
--> 2 | 260 | 7.50 | 497.50
--> 3 | 260 | 4.98 | 242.48
--> 4 | 244.90 | 2.42 | 0.00

WITH RECURSIVE capped (n, level, dropped) AS (
  SELECT 0, 0::numeric, 0::numeric
  UNION ALL
  SELECT m.n, least(level + m.amount, 40), greatest(level + m.amount - 40, 0) FROM capped c JOIN moves m ON m.n = c.n + 1
) SELECT n, level, dropped FROM capped ORDER BY n;
--> n | level | dropped
--> 0 | 0 | 0
--> 1 | 40 | 10
--> 2 | -40 | 0
--> 3 | -10 | 0
--> 4 | -20 | 0
--> 5 | 5 | 0

WITH RECURSIVE streak (n, length) AS (
  SELECT 0, 0
  UNION ALL
  SELECT m.n, CASE WHEN m.amount > 0 THEN length + 1 ELSE 0 END FROM streak s JOIN moves m ON m.n = s.n + 1
) SELECT max(length) AS longest FROM streak;
--> longest
--> 1

WITH RECURSIVE first_below (n, balance) AS (
  SELECT 0, 0::numeric
  UNION ALL
  SELECT m.n, f.balance + m.amount FROM first_below f JOIN moves m ON m.n = f.n + 1 WHERE f.balance >= 0
) SELECT n, balance FROM first_below WHERE balance < 0;
--> n | balance
--> 2 | -30

WITH RECURSIVE product (n, value) AS (SELECT 1, 1 + amount / 100 FROM moves WHERE n = 1 UNION ALL SELECT m.n, value * (1 + m.amount / 100) FROM product p JOIN moves m ON m.n = p.n + 1) SELECT round(value, 6) AS growth FROM product ORDER BY n DESC LIMIT 1;
--> growth
--> 0.438750
