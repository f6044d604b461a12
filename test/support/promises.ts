import type { Vendors } from "./demo-output.ts";

/** What the rollout promises of the vendors' systems at its end, whatever happened on the way. */
export interface Promised {
  readonly promise: string;
  /** What breaks it, a line each. */
  broken(vendors: Vendors): readonly string[];
}

export const PROMISES: readonly Promised[] = [
  { promise: "sends no mail twice", broken: (vendors) => repeated(mailsOf(vendors).map(({ key }) => key)) },
  {
    promise: "announces once to each active employee and to nobody who is excepted",
    broken: wrongAnnouncements,
  },
  { promise: "tells everyone who had the announcement once that the day has come", broken: wrongNotices },
  { promise: "reminds whoever does not enrol, and nobody twice", broken: wrongReminders },
  { promise: "writes to nobody who is excepted, and to nobody from outside", broken: mailsToOthers },
  { promise: "enforces every policy and deletes none", broken: wrongPolicies },
  { promise: "makes one group a phase, one policy a phase and one for all users", broken: wrongNumbers },
  {
    promise:
      "puts each active employee who is not excepted into the group of the department's phase alone, and no stranger",
    broken: wrongMembers,
  },
  { promise: "holds whoever is excepted in the group that the policies leave out", broken: wrongExceptions },
  { promise: "opens #it-support with FAQ and guide as tabs and one FAQ message", broken: wrongChannel },
  { promise: "answers each ticket about MFA once and no other, and writes no note twice", broken: wrongAnswers },
  { promise: "chases everyone who is left once, through the manager, with a ticket each", broken: wrongChases },
  { promise: "takes one dashboard snapshot a phase", broken: wrongSnapshots },
  { promise: "keeps one PSA project with a phase a department", broken: wrongProject },
];

export interface Mail {
  readonly key: string;
  readonly kind: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly sentAt: string;
}

/** Every mail that was sent; one without our key has an empty one. */
export const mailsOf = ({ gmail }: Vendors): readonly Mail[] =>
  gmail.sent.map(({ headers, to, cc, sentAt }) => {
    const key = headers["X-MFA-Rollout-Key"] ?? "";
    return { key, kind: key.split("/")[1] ?? "", to, cc, sentAt };
  });

/** The policies that the rollout made. */
export const ours = ({ entra }: Vendors) =>
  entra.policies.filter(({ displayName }) => displayName.startsWith("MFA rollout: "));

/** The address at which Entra reaches whom HR knows by this one. */
export const addressOf = (vendors: Vendors, hrAddress: string): string =>
  accountOf(vendors, hrAddress)?.mail ?? hrAddress;

const repeated = (values: readonly string[]): readonly string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

function accountOf({ entra }: Vendors, hrAddress: string) {
  return entra.users.find(
    ({ userPrincipalName, mail, proxyAddresses }) =>
      [userPrincipalName, mail].includes(hrAddress) ||
      proxyAddresses.some((proxy) => proxy.toLowerCase() === `smtp:${hrAddress}`),
  );
}

const exceptions = ({ world }: Vendors) => Object.values(world.exceptions).flat();

const exceptedAddresses = (vendors: Vendors): ReadonlySet<string> =>
  new Set(exceptions(vendors).flatMap(({ mail }) => mail ?? []));

/** How many phases there are beside the closing one. */
const departments = (vendors: Vendors): number =>
  new Set(activeEmployees(vendors).map(({ department }) => department)).size;

const activeEmployees = ({ bamboohr }: Vendors) => bamboohr.employees.filter(({ status }) => status === "Active");

/** Says what differs, or nothing. */
const unless = (isRight: boolean, otherwise: string): readonly string[] => (isRight ? [] : [otherwise]);

const count = (what: string, found: number, wanted: number): readonly string[] =>
  unless(found === wanted, `${found} ${what} instead of ${wanted}`);

function wrongAnnouncements(vendors: Vendors): readonly string[] {
  const announced = recipientsOf(vendors, "announcement");
  const excepted = exceptedAddresses(vendors);
  const wrong = activeEmployees(vendors).flatMap(({ workEmail }) => {
    const address = addressOf(vendors, workEmail);
    const found = announced.includes(address);
    return unless(found !== excepted.has(address), `${address} was ${found ? "announced to" : "left out"}`);
  });
  return [
    ...wrong,
    ...repeated(announced),
    ...unless(announced.length > activeEmployees(vendors).length / 2, "hardly anybody works here"),
  ];
}

function wrongNotices(vendors: Vendors): readonly string[] {
  const told = recipientsOf(vendors, "enforcement_notice");
  const leavers = new Set(vendors.world.leavers.map(({ mail }) => mail));
  const due = recipientsOf(vendors, "announcement").filter((address) => !leavers.has(address));
  return [...repeated(told), ...without(due, told)];
}

function wrongReminders(vendors: Vendors): readonly string[] {
  const reminded = recipientsOf(vendors, "reminder");
  const late = vendors.world.neverEnrol.map(({ mail }) => mail);
  return [...repeated(reminded), ...without(late, reminded)];
}

function mailsToOthers(vendors: Vendors): readonly string[] {
  const { contractor, leavers } = vendors.world;
  const employees = activeEmployees(vendors).map(({ workEmail }) => addressOf(vendors, workEmail));
  const insiders = new Set([...employees, contractor.mail, ...leavers.map(({ mail }) => mail)]);
  const excepted = exceptedAddresses(vendors);
  const toUsers = mailsOf(vendors).filter(({ kind }) => kind !== "signoff");
  return toUsers.flatMap(({ to }) => to.filter((address) => excepted.has(address) || !insiders.has(address)));
}

function wrongPolicies(vendors: Vendors): readonly string[] {
  const off = ours(vendors).filter(({ state }) => state !== "enabled");
  const deleted = vendors.entra.policyHistory.filter(({ method }) => method === "DELETE");
  return [
    ...off.map(({ displayName, state }) => `${displayName} is ${state}`),
    ...deleted.map(({ id }) => `${id} was deleted`),
    ...vendors.entra.deletedUsers.map(() => "a user was deleted"),
  ];
}

const recipientsOf = (vendors: Vendors, wanted: string): readonly string[] =>
  mailsOf(vendors)
    .filter(({ kind }) => kind === wanted)
    .flatMap(({ to }) => to);

/** Whom of the first the second lacks. */
function without(wanted: readonly string[], found: readonly string[]): readonly string[] {
  const there = new Set(found);
  return wanted.filter((one) => !there.has(one)).map((one) => `not ${one}`);
}

const groupsOf = ({ entra }: Vendors) => entra.groups.filter(({ mailNickname }) => mailNickname.startsWith("mfa_"));

function wrongNumbers(vendors: Vendors): readonly string[] {
  const nicknames = groupsOf(vendors).map(({ mailNickname }) => mailNickname);
  const policies = ours(vendors);
  const forAll = policies.filter(({ conditions }) => conditions.users.includeUsers.includes("All"));
  return [
    ...repeated(nicknames),
    ...count("groups", nicknames.length, departments(vendors) + 2),
    ...repeated(policies.map(({ displayName }) => displayName)),
    ...count("policies", policies.length, departments(vendors) + 1),
    ...count("policies for all users", forAll.length, 1),
  ];
}

function wrongMembers(vendors: Vendors): readonly string[] {
  const excepted = new Set(exceptions(vendors).map(({ id }) => id));
  const phases = ours(vendors).flatMap(({ conditions }) => conditions.users.includeGroups);
  const groups = groupsOf(vendors).filter(({ id }) => phases.includes(id));
  const insiders = new Set([vendors.world.contractor.id]);
  const wrong = activeEmployees(vendors).flatMap(({ workEmail, department }) => {
    const { id = "" } = accountOf(vendors, workEmail) ?? {};
    insiders.add(id);
    const found = groups.flatMap(({ mailNickname, members }) => (members.includes(id) ? mailNickname : []));
    const isRight = excepted.has(id)
      ? found.length === 0
      : found.length === 1 && found[0]?.endsWith(`_phase_${department.toLowerCase()}`) === true;
    return unless(isRight, `${workEmail} of ${department} is in ${found.join(" and ") || "no group"}`);
  });
  const strangers = groups.flatMap(({ members }) => members.filter((id) => !insiders.has(id)));
  return [...wrong, ...strangers.map((id) => `${id} does not belong there`)];
}

function wrongExceptions(vendors: Vendors): readonly string[] {
  const leftOut = new Set(ours(vendors).flatMap(({ conditions }) => conditions.users.excludeGroups));
  const members = groupsOf(vendors)
    .filter(({ id }) => leftOut.has(id))
    .flatMap((group) => group.members);
  const wanted = exceptions(vendors).map(({ id }) => id);
  return [...without(wanted, members), ...without(members, wanted).map((one) => `${one} either`)];
}

function wrongChannel({ teams }: Vendors): readonly string[] {
  const tabs = teams.tabs.map(({ displayName }) => displayName).sort();
  return [
    ...count("channels", teams.channels.filter(({ displayName }) => displayName === "it-support").length, 1),
    ...unless(tabs.join() === "Enrolment guide,MFA FAQ", `tabs: ${tabs.join()}`),
    ...count("messages", teams.messages.length, 1),
  ];
}

function wrongAnswers({ connectwise, world }: Vendors): readonly string[] {
  const answered = connectwise.notes
    .filter(({ text }) => text.includes("[mfa-rollout:") && text.includes("/reply/"))
    .map(({ ticketId }) => ticketId);
  const asked = connectwise.tickets.filter(({ id, project }) => (project ?? null) === null && answered.includes(id));
  const mfa = /MFA|2FA|authenticator|multi-factor/i;
  const plain = connectwise.tickets.filter(
    ({ summary }) => /printer|VPN|mailbox|monitor/i.test(summary) && !mfa.test(summary),
  );
  return [
    ...repeated(answered.map(String)),
    ...count("tickets about MFA answered", asked.length, world.raiseMfaTickets.length),
    ...unless(plain.length > 2, "there are no other tickets to leave alone"),
    ...plain.filter(({ id }) => answered.includes(id)).map(({ summary }) => `answered: ${summary}`),
    ...repeated(connectwise.notes.flatMap(({ text }) => text.match(/\[mfa-rollout:.+\]$/)?.[0] ?? [])),
  ];
}

function wrongChases(vendors: Vendors): readonly string[] {
  const { connectwise, world } = vendors;
  const chased = recipientsOf(vendors, "chase");
  const ofProject = connectwise.tickets.filter(({ project }) => (project ?? null) !== null);
  const [fixes = [], tickets = []] = [true, false].map((isFix) =>
    ofProject.filter(({ wbsCode }) => String(wbsCode).includes("/fix/") === isFix),
  );
  return [
    ...repeated(chased),
    ...world.neverEnrol.filter(({ mail }) => !chased.includes(mail)).map(({ mail }) => `${mail} was not chased`),
    ...count("tickets of the project", tickets.length, chased.length),
    ...repeated(tickets.map(({ summary }) => summary)),
    ...repeated(fixes.map(({ wbsCode }) => String(wbsCode))),
  ];
}

function wrongSnapshots(vendors: Vendors): readonly string[] {
  const { powerBi } = vendors;
  const rows = powerBi.datasets.flatMap(({ tables }) => Object.values(tables).flatMap((table) => table.rows));
  const snapshots = Map.groupBy(rows, ({ snapshotId }) => snapshotId);
  const sizes = new Set([...snapshots.values()].map((group) => group.length));
  return [
    ...count("datasets", powerBi.datasets.length, 1),
    ...count("snapshots", snapshots.size, departments(vendors) + 1),
    ...count("sizes of a snapshot", sizes.size, 1),
  ];
}

function wrongProject(vendors: Vendors): readonly string[] {
  const { connectwise } = vendors;
  return [
    ...count("projects", connectwise.projects.length, 1),
    ...count("phases of the project", connectwise.phases.length, departments(vendors) + 1),
  ];
}
