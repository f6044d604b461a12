# The connection is the customer's own, to the project that holds the table.
connection: "bigquery"

include: "*.view.lkml"
include: "*.dashboard.lookml"

# mfa-rollout triggers this after each snapshot. Looker also looks by itself, so a lost word does no harm.
datagroup: mfa_enrolment {
  label: "MFA enrolment"
  sql_trigger: SELECT MAX(taken_at) FROM `@{mfa_enrolment_table}` ;;
  max_cache_age: "24 hours"
}

persist_with: mfa_enrolment

explore: mfa_enrolment {
  label: "MFA rollout"
  description: "Who in scope is registered, enrolled and enforced, by department, after each phase."
}
