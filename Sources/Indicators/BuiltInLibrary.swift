/// The embedded files of `Library/`, in the order of the contract's table, which is also the order of scoring.
enum BuiltInLibrary {
    static let files: [(name: String, bytes: [UInt8])] = [
        ("prescription_size.sql", PackageResources.prescription_size_sql),
        ("supply_days.sql", PackageResources.supply_days_sql),
        ("cumulative_supply.sql", PackageResources.cumulative_supply_sql),
        ("visit_frequency.sql", PackageResources.visit_frequency_sql),
        ("multi_institution_day.sql", PackageResources.multi_institution_day_sql),
        ("doctor_impossible_day.sql", PackageResources.doctor_impossible_day_sql),
        ("doctor_multi_site.sql", PackageResources.doctor_multi_site_sql),
        ("item_over_quantity.sql", PackageResources.item_over_quantity_sql),
        ("male_gynecology.sql", PackageResources.male_gynecology_sql),
        ("female_andrology.sql", PackageResources.female_andrology_sql),
        ("sex_restricted_item.sql", PackageResources.sex_restricted_item_sql),
        ("age_restricted_item.sql", PackageResources.age_restricted_item_sql),
        ("duplicate_billing.sql", PackageResources.duplicate_billing_sql),
        ("price_deviation.sql", PackageResources.price_deviation_sql),
        ("trace_code_reuse.sql", PackageResources.trace_code_reuse_sql),
        ("split_hospitalisation.sql", PackageResources.split_hospitalisation_sql),
        ("overlapping_stay.sql", PackageResources.overlapping_stay_sql),
        ("service_during_stay.sql", PackageResources.service_during_stay_sql),
        ("clustered_admission.sql", PackageResources.clustered_admission_sql),
        ("identical_bills.sql", PackageResources.identical_bills_sql),
        ("service_after_death.sql", PackageResources.service_after_death_sql),
        ("spending_growth.sql", PackageResources.spending_growth_sql),
    ]

    /// The embedded files of `Templates/`.
    static let templates: [(name: String, bytes: [UInt8])] = [
        ("level_restricted_item.sql", PackageResources.level_restricted_item_sql),
        ("visit_restricted_item.sql", PackageResources.visit_restricted_item_sql),
        ("insurance_only_item.sql", PackageResources.insurance_only_item_sql),
        ("newborn_item.sql", PackageResources.newborn_item_sql),
        ("not_payable_item.sql", PackageResources.not_payable_item_sql),
        ("paired_charges.sql", PackageResources.paired_charges_sql),
        ("period_over_frequency.sql", PackageResources.period_over_frequency_sql),
        ("course_days.sql", PackageResources.course_days_sql),
        ("period_course_days.sql", PackageResources.period_course_days_sql),
        ("charge_outside_stay.sql", PackageResources.charge_outside_stay_sql),
    ]

    /// The embedded file of `National/`.
    static let nationalRules = PackageResources.national_rules_tsv
}
