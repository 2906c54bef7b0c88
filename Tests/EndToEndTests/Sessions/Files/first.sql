-- 两条语句
select count(*) as visits from visits;
\x
select name, beds
  from institutions where institution_id = 'H001';
