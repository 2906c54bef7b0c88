"""The ad-hoc queries and the scans in Polars' own expressions, over lazily scanned Parquet."""
from datetime import datetime

import polars as pl
from polars import col

LINES = pl.len().alias("line_count")
BILLED = col("amount").sum().alias("billed")
# A sum of nothing is NULL in SQL and 0 in Polars.
FUND = pl.when(col("fund_amount").count() > 0).then(col("fund_amount").sum()).alias("fund")
DAY = col("settled_at").dt.date()


def patient_lines(claims, patient, **_):
    names = ["claim_id", "line_id", "institution_id", "settled_at", "item_code", "quantity", "amount", "fund_amount"]
    return claims.filter(col("patient_id") == patient).select(names).sort("claim_id", "line_id")


def expensive_inpatient_lines(claims, **_):
    week = col("settled_at").is_between(datetime(2025, 5, 5), datetime(2025, 5, 12), closed="left")
    rows = claims.filter((col("visit_type") == "inpatient") & (col("amount") >= 1000) & week)
    rows = rows.group_by("institution_id", "item_code").agg(LINES, BILLED)
    return rows.sort("billed", "institution_id", "item_code", descending=[True, False, False]).limit(100)


def diagnosis_prefix_month(claims, **_):
    month = col("settled_at").is_between(datetime(2025, 3, 1), datetime(2025, 4, 1), closed="left")
    rows = claims.filter(col("diagnosis_code").str.starts_with("I1") & month)
    return rows.group_by("visit_type").agg(LINES, BILLED).sort("visit_type")


def item_prefix(claims, **_):
    rows = claims.filter(col("item_code").str.starts_with("XJ04")).group_by("department")
    rows = rows.agg(LINES, col("quantity").sum().alias("units"), FUND)
    return rows.sort("fund", "department", descending=[True, False], nulls_last=True)


def diagnosis_range(claims, **_):
    category = col("diagnosis_code").str.slice(0, 3)
    rows = claims.filter(category.is_between(pl.lit("C00"), pl.lit("D48"))).group_by(category.alias("category"))
    return rows.agg(col("claim_id").n_unique().alias("claims"), FUND).sort("category")


def top_items(claims, **_):
    rows = claims.filter(col("item_category") == "drug").group_by("item_code")
    rows = rows.agg(LINES, col("quantity").sum().alias("units"), FUND)
    return rows.sort("fund", "item_code", descending=[True, False], nulls_last=True).limit(20)


def top_patients(claims, **_):
    rows = claims.group_by("patient_id").agg(LINES, FUND)
    return rows.sort("fund", "patient_id", descending=[True, False], nulls_last=True).limit(20)


def top_lines(claims, **_):
    names = ["claim_id", "line_id", "institution_id", "patient_id", "item_code", "amount"]
    return claims.select(names).sort("amount", "claim_id", "line_id", descending=[True, False, False]).limit(100)


def group_low(claims, **_):
    keys = ["visit_type", "item_category", "sex"]
    return claims.group_by(keys).agg(LINES, BILLED, FUND).sort(keys, nulls_last=True)


def group_institution(claims, **_):
    rows = claims.group_by("institution_id").agg(LINES, BILLED, FUND)
    return rows.sort("billed", "institution_id", descending=[True, False])


def group_month_department(claims, **_):
    month = col("settled_at").dt.truncate("1mo").dt.date().alias("month")
    return claims.group_by(month, "department").agg(LINES, FUND).sort("month", "department", nulls_last=True)


def group_claims(claims, **_):
    bills = claims.group_by("claim_id").agg(LINES, BILLED).group_by("line_count")
    return bills.agg(pl.len().alias("claims"), col("billed").sum().alias("total")).sort("line_count")


def group_patient_days(claims, **_):
    rows = claims.group_by("patient_id", DAY.alias("day")).agg(LINES, BILLED)
    return rows.sort("line_count", "billed", "patient_id", "day", descending=[True, True, False, False]).limit(50)


def join_institutions(claims, institutions, **_):
    keys = ["level", "item_category"]
    rows = claims.join(institutions, on="institution_id").group_by(keys)
    return rows.agg(LINES, col("unit_price").cast(pl.Float64).median().alias("price")).sort(keys, nulls_last=True)


def join_knowledge(claims, knowledge, **_):
    rows = claims.join(knowledge, on="item_code").filter(col("service_time").dt.date() >= col("valid_from"))
    return rows.group_by("rule_id", "attribute").agg(LINES, FUND).sort("rule_id")


def join_deaths(claims, deaths, **_):
    rows = claims.join(deaths, on="patient_id").filter(DAY > col("death_date")).group_by("institution_id")
    return rows.agg(LINES, col("patient_id").n_unique().alias("patients"), FUND).sort("institution_id")


def window_top_items(claims, **_):
    rows = claims.group_by("institution_id", "item_code").agg(FUND)
    rows = rows.sort("institution_id", "fund", "item_code", descending=[False, True, False], nulls_last=True)
    rows = rows.with_columns(pl.int_range(1, pl.len() + 1).over("institution_id").alias("place")).filter(col("place") <= 3)
    return rows.select("institution_id", "place", "item_code", "fund").sort("institution_id", "place")


def window_visit_gaps(claims, **_):
    bills = claims.group_by("claim_id").agg(col("patient_id").min(), col("settled_at").min())
    bills = bills.sort("patient_id", "settled_at", "claim_id").with_columns(DAY.alias("day"))
    bills = bills.with_columns((col("day") - col("day").shift(1).over("patient_id")).dt.total_days().alias("gap"))
    bills = bills.filter(col("gap").is_not_null())
    return bills.group_by("gap").agg(pl.len().alias("claims")).sort("gap").limit(60)


def distinct_counts(claims, **_):
    counts = [col(name).drop_nulls().n_unique().alias(alias)
              for name, alias in [("claim_id", "claims"), ("patient_id", "patients"), ("doctor_id", "doctors")]]
    return claims.group_by("department").agg(*counts).sort("department", nulls_last=True)


def medians(claims, **_):
    amount = col("amount").cast(pl.Float64)
    rows = claims.group_by("institution_id")
    return rows.agg(amount.median().alias("middle"), amount.quantile(0.9, "linear").alias("high")).sort("institution_id")


def scan_sums(claims, **_):
    return claims.select(LINES, col("quantity").sum(), BILLED, FUND)


def scan_filter(claims, **_):
    return claims.filter((col("quantity") >= 3) & (col("unit_price") < 20)).select(LINES, BILLED)


def scan_all_columns(claims, **_):
    return claims.filter(col("amount") > 0).select(pl.all().max())


def probe_claim(claims, claim, **_):
    names = ["claim_id", "line_id", "patient_id", "settled_at", "item_code", "quantity", "unit_price", "amount"]
    return claims.filter(col("claim_id") == claim).select(names).sort("claim_id", "line_id")


def probe_trace_code(claims, code, **_):
    names = ["claim_id", "line_id", "institution_id", "settled_at", "item_code"]
    return claims.filter(col("trace_code") == code).select(names).sort("claim_id", "line_id")


def probe_patients(claims, first, second, third, fourth, **_):
    rows = claims.filter(col("patient_id").is_in([first, second, third, fourth, "none"])).group_by("patient_id")
    return rows.agg(col("claim_id").n_unique().alias("claims"), BILLED).sort("patient_id")


def probe_nothing(claims, **_):
    rows = claims.filter(col("claim_id") == "97002025999999999999").select("claim_id", "line_id", "amount")
    return rows.sort("claim_id", "line_id")


# By the names of the SQL files, without their numbers.
QUERIES = {function.__name__: function for function in [
    patient_lines, expensive_inpatient_lines, diagnosis_prefix_month, item_prefix, diagnosis_range, top_items, top_patients,
    top_lines, group_low, group_institution, group_month_department, group_claims, group_patient_days, join_institutions,
    join_knowledge, join_deaths, window_top_items, window_visit_gaps, distinct_counts, medians,
    scan_sums, scan_filter, scan_all_columns, probe_claim, probe_trace_code, probe_patients, probe_nothing]}
