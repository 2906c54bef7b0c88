-- Words of the indicators' SQL that each engine says in its own way.
create or replace function share as (part, whole) -> part::decimal(38, 8) / whole;
create or replace function full_years as (born, day) -> age('year', born, day);
create or replace function sorted_list as value -> arraySort(groupArray(value));
