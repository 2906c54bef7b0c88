/// What `knowledge list` and `knowledge check` ask the store.
package enum KnowledgeQueries {
    /// A row for each list: batch, rule and attribute.
    package static let list = """
        select coalesce(batch, '') as batch, rule_id, attribute, min(result) as result, count(*) as points,
               count(distinct item_code) as codes, min(valid_from) as valid_from, max(valid_to) as valid_to
        from knowledge
        group by coalesce(batch, ''), rule_id, attribute
        order by 1, 2, 3
        """

    /// How many codes of each list occur in the claims, on how many lines and with how much money.
    package static let hitRates = """
        with seen as (
            select item_code, count(*) as lines, sum(fund_amount) as fund from live_claims group by item_code
        ),
        codes as (
            select distinct coalesce(batch, '') as batch, rule_id, attribute, item_code from knowledge
        )
        select c.batch, c.rule_id, c.attribute, count(*) as codes, count(s.item_code) as codes_in_claims,
               round(cast(count(s.item_code) as numeric) / count(*), 4) as hit_rate,
               coalesce(sum(s.lines), 0) as lines, coalesce(sum(s.fund), 0) as fund_amount
        from codes as c
        left join seen as s on s.item_code = c.item_code
        group by c.batch, c.rule_id, c.attribute
        order by 1, 2, 3
        """

    /// Codes that no live claim has: not billed in the region, or under another local code.
    package static let unknownCodes = """
        select coalesce(k.batch, '') as batch, k.rule_id, k.attribute, k.item_code, min(k.item_name) as item_name
        from knowledge as k
        where not exists (select 1 from live_claims as c where c.item_code = k.item_code)
        group by coalesce(k.batch, ''), k.rule_id, k.attribute, k.item_code
        order by 1, 2, 3, 4
        """

    /// Points of one item and attribute that are valid on the same day: `same` if they say the same, else `other`.
    package static let overlaps = """
        with points as (
            select row_number() over (order by item_code, attribute, paired_item_code, value, valid_from, batch, rule_id) as number,
                   item_code, item_name, attribute, value, coalesce(paired_item_code, '') as paired_item_code,
                   coalesce(window_days, 0) as window_days, rule_id, coalesce(batch, '') as batch,
                   coalesce(valid_from, date '0001-01-01') as first_day, coalesce(valid_to, date '9999-12-31') as last_day
            from knowledge
            where attribute <> 'only_visit_type'
        )
        select a.item_code, a.item_name, a.attribute, a.paired_item_code,
               case when a.value = b.value and a.window_days = b.window_days then 'same' else 'other' end as says,
               a.value as first_value, b.value as second_value, a.rule_id as first_rule, b.rule_id as second_rule,
               a.batch as first_batch, b.batch as second_batch
        from points as a
        join points as b
          on b.item_code = a.item_code and b.attribute = a.attribute and b.paired_item_code = a.paired_item_code
         and b.number > a.number and a.first_day <= b.last_day and b.first_day <= a.last_day
        order by a.item_code, a.attribute, a.paired_item_code, a.number, b.number
        """
}
