project_name: "mfa_rollout"

constant: mfa_enrolment_table {
  # <project>.<dataset>.mfa_enrolment, as the customer's file names project and dataset.
  value: "my-project.my_dataset.mfa_enrolment"
  export: override_required
}
