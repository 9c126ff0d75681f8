-- Variances, correlation, regression
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (y FLOAT8, x FLOAT8);

INSERT INTO t VALUES (1, 2), (2, 4), (3, 6), (5, NULL);

SELECT stddev(y), stddev_pop(y), variance(y), var_pop(y), var_samp(y) FROM t WHERE x IS NOT NULL;
--> stddev | stddev_pop | variance | var_pop | var_samp
--> 1 | 0.816496580927726 | 1 | 0.6666666666666666 | 1

SELECT stddev(y), stddev_pop(y), variance(y) FROM t WHERE y = 1;
--> stddev | stddev_pop | variance
--> NULL | 0 | NULL

SELECT corr(y, x), covar_pop(y, x), covar_samp(y, x) FROM t;
--> corr | covar_pop | covar_samp
--> 1 | 1.3333333333333333 | 2

SELECT regr_slope(y, x), regr_intercept(y, x), regr_count(y, x), regr_r2(y, x), regr_avgx(y, x), regr_avgy(y, x) FROM t;
--> regr_slope | regr_intercept | regr_count | regr_r2 | regr_avgx | regr_avgy
--> 0.5 | 0 | 3 | 1 | 4 | 2

SELECT regr_sxx(y, x), regr_sxy(y, x), regr_syy(y, x) FROM t;
--> regr_sxx | regr_sxy | regr_syy
--> 8 | 4 | 2

SELECT stddev(n), variance(n), var_pop(n) FROM (VALUES (1), (2), (4)) v(n);
--> stddev | variance | var_pop
--> 1.5275252316519467 | 2.3333333333333333 | 1.5555555555555556

SELECT variance(n), stddev(n) FROM (VALUES (1.5), (2.5)) v(n);
--> variance | stddev
--> 0.50000000000000000000 | 0.70710678118654752440

SELECT corr(y, 1) FROM t;
--> corr
--> NULL

SELECT stddev(s) FROM (VALUES ('a')) v(s);
--! 42883: function stddev(text) does not exist
