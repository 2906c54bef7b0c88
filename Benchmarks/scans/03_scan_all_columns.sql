-- title: every value of every column
-- kind: scan
select max(claim_id), max(line_id), max(original_claim_id), max(institution_id), max(department), max(doctor_id), max(patient_id), max(sex),
       max(birth_date), max(visit_type), max(diagnosis_code), max(admission_date), max(discharge_date), max(service_time), max(settled_at),
       max(prescription_id), max(item_code), max(item_name), max(item_category), max(quantity), max(unit_price), max(amount),
       max(fund_amount), max(days_supply), max(trace_code), max(region)
from claims
where amount > 0
