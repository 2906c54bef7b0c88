select 1 as one;
select institution,
  nope from visits;
select 2 as two;
