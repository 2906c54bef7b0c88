-- Words of the indicators' SQL that each engine says in its own way. A share is exact to eight digits.
create or replace macro share(part, whole) as round(part::double / whole, 8)::decimal(38, 8);
create or replace macro full_years(born, day) as date_sub('year', born, day);
create or replace macro sorted_list(value) as list(value order by value);
