-- Trigonometric and hyperbolic functions
-- oracle: postgres
-- chapter: functions

SELECT sin(0) AS s, cos(0) AS c, tan(0) AS t, round(sin(pi() / 2)::numeric, 10) AS one;
--> s | c | t | one
--> 0 | 1 | 0 | 1.0000000000

SELECT sind(30) AS sind, cosd(60) AS cosd, tand(45) AS tand, cotd(45) AS cotd;
--> sind | cosd | tand | cotd
--> 0.5 | 0.5 | 1 | 1

SELECT asind(0.5) AS asind, acosd(0.5) AS acosd, atand(1) AS atand, atan2d(1, 0) AS atan2d;
--> asind | acosd | atand | atan2d
--> 30 | 60 | 45 | 90

SELECT asin(2);
--! 22003: input is out of range

SELECT acos(-2);
--! 22003: input is out of range

SELECT round(asin(1)::numeric, 8) AS asin, round(atan2(1, -1)::numeric, 8) AS atan2, round(cot(1)::numeric, 8) AS cot;
--> asin | atan2 | cot
--> 1.57079633 | 2.35619449 | 0.64209262

SELECT sinh(0) AS sinh, cosh(0) AS cosh, tanh(0) AS tanh, asinh(0) AS asinh, acosh(1) AS acosh, atanh(0) AS atanh;
--> sinh | cosh | tanh | asinh | acosh | atanh
--> 0 | 1 | 0 | 0 | 0 | 0

SELECT acosh(0.5);
--! 22003: input is out of range

SELECT atanh(2);
--! 22003: input is out of range

SELECT sin('inf'::float8);
--! 22003: input is out of range

SELECT cos('NaN'::float8) AS nan;
--> nan
--> NaN
