- dashboard: mfa_rollout
  title: MFA rollout
  layout: newspaper
  preferred_viewer: dashboards-next
  filters:
    - name: customer
      title: Customer
      type: field_filter
      model: mfa_rollout
      explore: mfa_enrolment
      field: mfa_enrolment.customer
  elements:
    - name: enrolled_now
      title: Enrolled now
      type: single_value
      model: mfa_rollout
      explore: mfa_enrolment
      fields: [mfa_enrolment.enrolled_share]
      filters:
        mfa_enrolment.is_total: "yes"
        mfa_enrolment.is_latest: "yes"
      listen:
        customer: mfa_enrolment.customer
      row: 0
      col: 0
      width: 6
      height: 4
    - name: enforced_now
      title: Enforced now
      type: single_value
      model: mfa_rollout
      explore: mfa_enrolment
      fields: [mfa_enrolment.enforced_share]
      filters:
        mfa_enrolment.is_total: "yes"
        mfa_enrolment.is_latest: "yes"
      listen:
        customer: mfa_enrolment.customer
      row: 0
      col: 6
      width: 6
      height: 4
    - name: by_department
      title: By department, now
      type: looker_column
      model: mfa_rollout
      explore: mfa_enrolment
      fields:
        [
          mfa_enrolment.department,
          mfa_enrolment.in_scope,
          mfa_enrolment.registered,
          mfa_enrolment.enrolled,
          mfa_enrolment.enforced,
        ]
      filters:
        mfa_enrolment.is_total: "no"
        mfa_enrolment.is_latest: "yes"
      sorts: [mfa_enrolment.in_scope desc]
      listen:
        customer: mfa_enrolment.customer
      row: 4
      col: 0
      width: 24
      height: 8
    - name: over_time
      title: Over time
      type: looker_line
      model: mfa_rollout
      explore: mfa_enrolment
      fields: [mfa_enrolment.day, mfa_enrolment.enrolled_share, mfa_enrolment.enforced_share]
      filters:
        mfa_enrolment.is_total: "yes"
      sorts: [mfa_enrolment.day]
      listen:
        customer: mfa_enrolment.customer
      row: 12
      col: 0
      width: 24
      height: 8
