"""The tables as every engine of the comparison gets them: the same names and types, from docs' contract."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    name: str
    kind: str  # text, bigint, date, timestamp or decimal(p,s)
    required: bool = False
    few_values: bool = False  # a vocabulary of at most some thousand words

    @property
    def scale(self):
        """Precision and scale of a decimal, else None."""
        if not self.kind.startswith("decimal("):
            return None
        precision, scale = self.kind[8:-1].split(",")
        return int(precision), int(scale)


def _columns(text):
    """`name kind marks` a line; `!` marks a column without NULLs, `~` one with few distinct values."""
    columns = []
    for line in text.strip().splitlines():
        name, kind, *marks = line.split()
        columns.append(Column(name, kind, required="!" in marks, few_values="~" in marks))
    return columns


TABLES = {
    "claims": _columns("""
        claim_id text !
        line_id text !
        original_claim_id text
        institution_id text ! ~
        department text ~
        doctor_id text ~
        patient_id text !
        sex text ~
        birth_date date
        visit_type text ! ~
        diagnosis_code text ~
        admission_date date
        discharge_date date
        service_time timestamp !
        settled_at timestamp !
        prescription_id text
        item_code text ! ~
        item_name text ~
        item_category text ~
        quantity decimal(16,4) !
        unit_price decimal(16,6) !
        amount decimal(16,2) !
        fund_amount decimal(16,2)
        days_supply decimal(8,2)
        trace_code text
        region text ~"""),
    "institutions": _columns("""
        institution_id text !
        name text
        region text
        level text
        kind text
        beds bigint
        contract_start date
        contract_end date"""),
    "knowledge": _columns("""
        rule_id text !
        item_code text !
        item_name text
        attribute text !
        value text !
        paired_item_code text
        window_days bigint
        result text
        basis text
        valid_from date
        valid_to date
        batch text"""),
    "deaths": _columns("""
        patient_id text !
        death_date date !"""),
}
REFERENCE_TABLES = ["institutions", "knowledge", "deaths"]
