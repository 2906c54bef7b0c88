-- What every indicator of this folder reads: live lines of positive quantity. Reversals are few, so both sides of the
-- anti-joins are small.
create or replace view live_claims as
select * from claims c
where not exists (select 1 from claims own where own.claim_id = c.claim_id and own.original_claim_id is not null)
  and not exists (select 1 from claims reversal where reversal.original_claim_id = c.claim_id);
create or replace view live_lines as select * from live_claims where quantity > 0;
