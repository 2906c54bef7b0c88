/// SQL of the views over `claims`, in the portable core of the dialect.
package enum ClaimViews {
    /// Lines of claims that neither are a reversal nor were reversed by one.
    ///
    /// One line with an original makes its whole claim a reversal; a reversal cancels whenever it was settled and stays
    /// effective if it is itself reversed. An empty `original_claim_id` names no claim.
    package static let liveClaims = """
        SELECT c.*
        FROM claims AS c
        WHERE NOT EXISTS (
                SELECT 1 FROM claims AS own
                WHERE own.claim_id = c.claim_id AND own.original_claim_id <> '')
          AND NOT EXISTS (
                SELECT 1 FROM claims AS reversal
                WHERE reversal.original_claim_id = c.claim_id AND reversal.original_claim_id <> '')
        """

    /// One row for each live claim; its attributes are the smallest of its lines.
    package static let settlements = """
        SELECT claim_id,
               min(institution_id) AS institution_id,
               min(department) AS department,
               min(doctor_id) AS doctor_id,
               min(patient_id) AS patient_id,
               min(sex) AS sex,
               min(birth_date) AS birth_date,
               min(visit_type) AS visit_type,
               min(diagnosis_code) AS diagnosis_code,
               min(admission_date) AS admission_date,
               min(discharge_date) AS discharge_date,
               min(settled_at) AS settled_at,
               min(region) AS region,
               count(*) AS line_count,
               sum(amount) AS amount,
               sum(fund_amount) AS fund_amount
        FROM live_claims
        GROUP BY claim_id
        """

    /// Name and text of each view; a later one may use an earlier one.
    package static let all: [(name: String, query: String)] = [
        ("live_claims", liveClaims), ("settlements", settlements),
    ]
}
