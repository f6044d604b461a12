# One row for each snapshot and department, and one for "All departments". Rows are only ever added.
view: mfa_enrolment {
  derived_table: {
    sql:
      SELECT
        *,
        DENSE_RANK() OVER (PARTITION BY rollout_id ORDER BY taken_at DESC, snapshot_id DESC) = 1 AS is_latest
      FROM `@{mfa_enrolment_table}` ;;
  }

  dimension: row_key {
    primary_key: yes
    hidden: yes
    sql: CONCAT(${snapshot_id}, '/', ${department}) ;;
  }
  dimension: snapshot_id {
    hidden: yes
    sql: ${TABLE}.snapshot_id ;;
  }
  dimension: rollout_id {
    label: "Rollout"
    sql: ${TABLE}.rollout_id ;;
  }
  dimension: customer {
    sql: ${TABLE}.customer ;;
  }
  dimension: after_phase {
    label: "After phase"
    sql: ${TABLE}.after_phase ;;
  }
  dimension: department {
    sql: ${TABLE}.department ;;
  }
  dimension: phase {
    sql: ${TABLE}.phase ;;
  }
  dimension: is_total {
    type: yesno
    description: "The row of all departments together. Filter on it, or every user is counted twice."
    sql: ${TABLE}.department = 'All departments' ;;
  }
  dimension: is_latest {
    type: yesno
    description: "Rows of the rollout's newest snapshot."
    sql: ${TABLE}.is_latest ;;
  }
  dimension_group: taken {
    type: time
    timeframes: [raw, time, date, week]
    sql: ${TABLE}.taken_at ;;
  }
  dimension: day {
    type: date
    description: "Day of the snapshot in the customer's time zone."
    convert_tz: no
    datatype: date
    sql: ${TABLE}.day ;;
  }

  measure: in_scope {
    type: sum
    sql: ${TABLE}.in_scope ;;
  }
  measure: registered {
    type: sum
    description: "Have a strong method."
    sql: ${TABLE}.registered ;;
  }
  measure: enrolled {
    type: sum
    description: "Have a method that policy allows."
    sql: ${TABLE}.enrolled ;;
  }
  measure: enforced {
    type: sum
    description: "An enabled policy covers the account and nothing carves it out."
    sql: ${TABLE}.enforced ;;
  }
  measure: exceptions {
    type: sum
    sql: ${TABLE}.exceptions ;;
  }
  measure: enrolled_share {
    label: "Enrolled %"
    type: number
    value_format_name: percent_1
    sql: SAFE_DIVIDE(${enrolled}, ${in_scope}) ;;
  }
  measure: enforced_share {
    label: "Enforced %"
    type: number
    value_format_name: percent_1
    sql: SAFE_DIVIDE(${enforced}, ${in_scope}) ;;
  }
}
