-- strftime
-- oracle: sqlite
-- chapter: functions

SELECT strftime('%Y-%m-%d %H:%M:%S', '2024-02-29 13:04:05'), strftime('%d|%e|%j', '2024-02-05'), strftime('%f', '2024-02-05 00:00:01.2345'), strftime('%F %T %R', '2024-02-05 06:07:08');
--> strftime('%Y-%m-%d %H:%M:%S', '2024-02-29 13:04:05') | strftime('%d|%e|%j', '2024-02-05') | strftime('%f', '2024-02-05 00:00:01.2345') | strftime('%F %T %R', '2024-02-05 06:07:08')
--> 2024-02-29 13:04:05 | 05| 5|036 | 01.234 | 2024-02-05 06:07:08 06:07

SELECT strftime('%w %u', '2024-03-03'), strftime('%W %U', '2024-03-03'), strftime('%V %G %g', '2024-12-30'), strftime('%W %U', '2024-01-01');
--> strftime('%w %u', '2024-03-03') | strftime('%W %U', '2024-03-03') | strftime('%V %G %g', '2024-12-30') | strftime('%W %U', '2024-01-01')
--> 0 7 | 09 09 | 01 2025 25 | 01 00

SELECT strftime('%H %I %k %l %p %P', '2024-01-01 15:04'), strftime('%I %p', '2024-01-01 00:04'), strftime('%l%P', '2024-01-01 12:00');
--> strftime('%H %I %k %l %p %P', '2024-01-01 15:04') | strftime('%I %p', '2024-01-01 00:04') | strftime('%l%P', '2024-01-01 12:00')
--> 15 03 15  3 PM pm | 12 AM | 12pm

SELECT strftime('%s', '2024-01-01'), strftime('%J', '2024-01-01'), strftime('%%', '2024-01-01'), strftime('none', '2024-01-01'), strftime('', '2024-01-01');
--> strftime('%s', '2024-01-01') | strftime('%J', '2024-01-01') | strftime('%%', '2024-01-01') | strftime('none', '2024-01-01') | strftime('', '2024-01-01')
--> 1704067200 | 2460310.5 | % | none |

SELECT strftime('%x', '2024-01-01'), strftime('%', '2024-01-01'), strftime(NULL, '2024-01-01'), strftime('%Y', 'x'), strftime('%Y', NULL);
--> strftime('%x', '2024-01-01') | strftime('%', '2024-01-01') | strftime(NULL, '2024-01-01') | strftime('%Y', 'x') | strftime('%Y', NULL)
--> NULL | NULL | NULL | NULL | NULL

SELECT strftime('%Y', '2024-12-31', '+1 day'), strftime('%s', '2024-01-01', '+1 hour');
--> strftime('%Y', '2024-12-31', '+1 day') | strftime('%s', '2024-01-01', '+1 hour')
--> 2025 | 1704070800

SELECT strftime();
--> strftime()
--> NULL

SELECT timediff('2024-03-01', '2024-02-28'), timediff('2023-02-15', '2023-03-15'), timediff('2024-01-01 00:00:00.5', '2024-01-01'), timediff('x', '2024-01-01');
--> timediff('2024-03-01', '2024-02-28') | timediff('2023-02-15', '2023-03-15') | timediff('2024-01-01 00:00:00.5', '2024-01-01') | timediff('x', '2024-01-01')
--> +0000-00-02 00:00:00.000 | -0000-01-00 00:00:00.000 | +0000-00-00 00:00:00.500 | NULL

SELECT strftime('%Y' || char(0) || '%m', '2024-02-29') AS up_to_nul;
--> up_to_nul
--> 2024
