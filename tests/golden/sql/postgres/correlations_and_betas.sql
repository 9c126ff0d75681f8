-- Correlations, betas and regressions of returns
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE returns (day INTEGER, symbol TEXT, r DOUBLE PRECISION, PRIMARY KEY (day, symbol));

INSERT INTO returns VALUES (1, 'M', 1), (2, 'M', -1), (3, 'M', 2), (4, 'M', 0), (1, 'A', 2), (2, 'A', -2), (3, 'A', 4), (4, 'A', 0), (1, 'B', -1), (2, 'B', 1), (3, 'B', -3), (4, 'B', NULL);

SELECT a.symbol, corr(a.r, m.r) AS corr, regr_slope(a.r, m.r) AS beta, regr_intercept(a.r, m.r) AS alpha FROM returns a JOIN returns m ON m.day = a.day AND m.symbol = 'M' WHERE a.symbol = 'A' GROUP BY a.symbol;
--> symbol | corr | beta | alpha
--> A | 1 | 2 | 0

SELECT a.symbol, round(corr(a.r, m.r)::numeric, 6) AS corr, round((covar_pop(a.r, m.r) / var_pop(m.r))::numeric, 6) AS beta FROM returns a JOIN returns m ON m.day = a.day AND m.symbol = 'M' GROUP BY a.symbol ORDER BY a.symbol;
--> symbol | corr | beta
--> A | 1.000000 | 2.000000
--> B | -0.981981 | -1.600000
--> M | 1.000000 | 1.000000

SELECT x.symbol AS a, y.symbol AS b, round(corr(x.r, y.r)::numeric, 4) AS corr, regr_count(x.r, y.r) AS pairs FROM returns x JOIN returns y ON x.day = y.day AND x.symbol <= y.symbol GROUP BY 1, 2 ORDER BY 1, 2;
--> a | b | corr | pairs
--> A | A | 1.0000 | 4
--> A | B | -0.9820 | 3
--> A | M | 1.0000 | 4
--> B | B | 1.0000 | 3
--> B | M | -0.9820 | 3
--> M | M | 1.0000 | 4

SELECT symbol, round(avg(r)::numeric, 4) AS mean, round(stddev_samp(r)::numeric, 6) AS deviation, round((avg(r) / stddev_samp(r))::numeric, 6) AS ratio FROM returns GROUP BY symbol ORDER BY symbol;
--> symbol | mean | deviation | ratio
--> A | 1.0000 | 2.581989 | 0.387298
--> B | -1.0000 | 2.000000 | -0.500000
--> M | 0.5000 | 1.290994 | 0.387298

SELECT regr_avgx(y, x) AS avgx, regr_avgy(y, x) AS avgy, regr_sxx(y, x) AS sxx, regr_syy(y, x) AS syy, regr_sxy(y, x) AS sxy, regr_r2(y, x) AS r2 FROM (VALUES (1::float8, 2::float8), (2, 4), (3, 6)) v(x, y);
--> avgx | avgy | sxx | syy | sxy | r2
--> 2 | 4 | 2 | 8 | 4 | 1

SELECT corr(x, y) AS constant, regr_slope(y, x) AS slope, regr_r2(y, x) AS r2 FROM (VALUES (1::float8, 1::float8), (1, 2)) v(x, y);
--> constant | slope | r2
--> NULL | NULL | NULL

SELECT corr(x, y) AS one_pair, covar_samp(x, y) AS samp, covar_pop(x, y) AS pop FROM (VALUES (1::float8, 1::float8)) v(x, y);
--> one_pair | samp | pop
--> NULL | NULL | 0

SELECT corr(x, y) AS none, regr_count(y, x) AS n FROM (VALUES (1::float8, NULL::float8), (NULL, 2)) v(x, y);
--> none | n
--> NULL | 0

SELECT var_pop(x) AS pop, var_samp(x) AS samp, variance(x) AS variance, stddev(x) AS stddev, stddev_pop(x) AS stddev_pop FROM (VALUES (2), (4), (4), (4), (5), (5), (7), (9)) v(x);
--> pop | samp | variance | stddev | stddev_pop
--> 4.0000000000000000 | 4.5714285714285714 | 4.5714285714285714 | 2.1380899352993951 | 2.0000000000000000

SELECT var_samp(x) AS of_one, var_pop(x) AS pop, stddev(x) AS stddev FROM (VALUES (5)) v(x);
--> of_one | pop | stddev
--> NULL | 0 | NULL

SELECT day, round(corr(a, m) OVER (ORDER BY day ROWS 2 PRECEDING)::numeric, 4) AS rolling FROM (SELECT day, max(r) FILTER (WHERE symbol = 'B') AS a, max(r) FILTER (WHERE symbol = 'M') AS m FROM returns GROUP BY day) d ORDER BY day;
--> day | rolling
--> 1 | NULL
--> 2 | -1.0000
--> 3 | -0.9820
--> 4 | -1.0000

SELECT round(sqrt(sum(w * v * c))::numeric, 6) AS portfolio FROM (SELECT x.symbol, y.symbol AS other, 0.5 AS w, 0.5 AS v, covar_samp(x.r, y.r) AS c FROM returns x JOIN returns y ON x.day = y.day WHERE x.symbol IN ('A', 'M') AND y.symbol IN ('A', 'M') GROUP BY 1, 2) q;
--> portfolio
--> 1.936492
