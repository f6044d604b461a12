/** One pitfall of the matrix: which world has it, what finds it, what refuses enforcement because of it. */
export interface Row {
  readonly name: string;
  /** Number in the list of pitfalls that practitioners report. */
  readonly number: number;
  /** The blocker that names it; by itself `pitfall_<name>`. */
  readonly blocker: string;
}

const row = (number: number, name: string, blocker = `pitfall_${name}`): Row => ({ number, name, blocker });

/** Pitfalls of a tenant, each found by `check_tenant`. `policy_limit` fills what room is left, so it comes last. */
export const TENANT_ROWS: readonly Row[] = [
  row(1, "emergency_access_unsafe"),
  row(2, "emergency_access_no_method"),
  row(3, "service_provider_blocked"),
  row(4, "directory_sync_blocked"),
  row(5, "mail_device", "finding_open"),
  row(6, "room_in_scope"),
  row(7, "stored_password", "finding_open"),
  row(8, "shared_mailbox_sign_in"),
  row(9, "registration_restricted"),
  row(10, "trusted_location"),
  row(11, "device_enrolment_deadlock"),
  row(12, "guests_without_trust"),
  row(13, "security_defaults_on"),
  row(13, "per_user_mfa"),
  row(14, "managed_policy_activates"),
  row(15, "not_enrolled", "too_many_not_capable"),
  row(16, "method_not_allowed"),
  row(17, "report_stale"),
  row(18, "our_group_nested"),
  row(18, "group_unsound"),
  row(19, "report_only_disturbs"),
  row(21, "app_exclusions"),
  row(22, "windows_activation"),
  row(23, "lost_phone"),
  row(24, "no_phone"),
  row(25, "unsigned_exclusion"),
  row(28, "licence_gap"),
  row(30, "policy_changed"),
  row(27, "policy_limit"),
];
