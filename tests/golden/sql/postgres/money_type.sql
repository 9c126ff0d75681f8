-- money
-- oracle: postgres
-- chapter: types

SELECT '12.34'::money AS m;
--> m
--> $12.34
--~! 42704: type "money" does not exist

SELECT '$1,000.00'::money + '0.50'::money AS sum;
--> sum
--> $1,000.50
--~! 42704: type "money" does not exist

SELECT '12.34'::money * 2 AS doubled, '10'::money / '4'::money AS ratio;
--> doubled | ratio
--> $24.68 | 2.5
--~! 42704: type "money" does not exist
