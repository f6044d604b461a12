import type { Account, Employee, World } from "../../../src/sandbox/world/world.ts";

/** Departments of the model's company; a rollout of more people would show nothing more. */
export const DEPARTMENTS = ["IT", "Sales", "Finance"] as const;
export type Department = (typeof DEPARTMENTS)[number];

const MOST_PEOPLE = 6;

/** Somebody who works at the company, as HR and the tenant have them. */
export interface Colleague {
  readonly employee: Employee;
  readonly account: Account;
}

/** Sends everybody home but a few of three departments; accounts that belong to nobody stay. */
export function shrink(world: World): void {
  const kept = new Set(
    DEPARTMENTS.flatMap((department) =>
      colleagues(world)
        .filter(({ employee }) => employee.department === department)
        .slice(-MOST_PEOPLE)
        .map(({ employee }) => employee.id),
    ),
  );
  for (const { employee, account } of colleagues(world)) if (!kept.has(employee.id)) world.accounts.delete(account.id);
  for (const id of world.employees.keys()) if (!kept.has(id)) world.employees.delete(id);
}

/** Everybody who works here now, in a fixed order. */
export function colleagues({ employees, accounts }: World): readonly Colleague[] {
  const byMail = new Map([...accounts.values()].map((account) => [account.mail?.toLowerCase(), account]));
  return [...employees.values()].flatMap((employee) => {
    const account = byMail.get(employee.workEmail?.toLowerCase());
    return account?.accountEnabled === true && employee.status === "Active" ? [{ employee, account }] : [];
  });
}

/** Somebody out of those who are there; the number wraps round. */
export const anybody = (world: World, number: number): Colleague | undefined => {
  const all = colleagues(world);
  return all[number % all.length];
};

export function leave(world: World, { employee, account }: Colleague): void {
  const today = new Date(world.now()).toISOString().slice(0, 10);
  Object.assign(employee, {
    ...{ status: "Inactive", employmentStatus: "Terminated" },
    ...{ employmentStatusSince: today, terminationDate: today },
  });
  account.accountEnabled = false;
}

export function move({ employee, account }: Colleague, department: Department): void {
  employee.department = department;
  account.department = department;
}

/**
 * @param number - Tells one joiner from the next.
 * @returns Whether there was room for one.
 */
export function join(world: World, department: Department, number: number): boolean {
  const [like] = colleagues(world).filter(({ employee }) => employee.department === department);
  if (like === undefined) return false;
  const mail = `joiner.${number}@larkfieldfoods.com`;
  const employee = { ...like.employee, ...{ id: `99${number}`, employeeNumber: `E99${number}`, workEmail: mail } };
  world.employees.set(employee.id, { ...employee, lastName: `Joiner ${number}`, employmentStatus: "Full-Time" });
  const id = world.guid(`joiner ${number}`);
  const names = { displayName: `Joiner ${number}`, userPrincipalName: mail, mail, proxyAddresses: [`SMTP:${mail}`] };
  const blank = { roles: [], methodsRegistered: [], reported: { methodsRegistered: [], at: like.account.reported.at } };
  world.accounts.set(id, { ...like.account, ...names, ...blank, id, employeeId: null });
  return true;
}

/** Everybody registers a strong method, and the report shows it. */
export function enrolAll(world: World): void {
  const methodsRegistered = ["microsoftAuthenticatorPush"];
  for (const { account } of colleagues(world)) {
    Object.assign(account, {
      methodsRegistered,
      reported: { methodsRegistered, at: new Date(world.now()).toISOString() },
    });
  }
}

/** Somebody signs in once with a client that knows no MFA. */
export function signInWithLegacyClient(world: World, { account }: Colleague): void {
  const like = world.signIns.findLast(({ clientAppUsed }) => /other clients|smtp|imap|pop/i.test(clientAppUsed));
  if (like === undefined) throw new Error("nobody has used a legacy client yet");
  const { id: _, errorCode: __, conditionalAccessStatus: ___, appliedPolicies: ____, ...attempt } = like;
  const made = { ...attempt, accountId: account.id, at: new Date(world.now()).toISOString() };
  world.signIns.push({ id: world.guid(`legacy ${made.at}`), ...made, ...world.judge(made) });
}

/** Approved time off from today on, long enough that HR's word makes an exception of it. */
export function goOnLeave(world: World, { employee }: Colleague, days: number): void {
  const id = Math.max(0, ...world.timeOff.map((one) => one.id)) + 1;
  world.timeOff.push({ id, employeeId: employee.id, start: dayIn(world, 0), end: dayIn(world, days) });
}

/** Nobody's time off goes beyond yesterday. */
export function comeBack(world: World, { employee }: Colleague): void {
  const left = world.timeOff.filter(({ employeeId }) => employeeId !== employee.id);
  world.timeOff.splice(0, world.timeOff.length, ...left);
}

/** What an administrator does to an account whose owner works on. */
export function setEnabled({ account }: Colleague, isEnabled: boolean): void {
  account.accountEnabled = isEnabled;
}

/** People who work here and whose account an administrator has disabled, in a fixed order. */
export function shutOut({ employees, accounts }: World): readonly Colleague[] {
  const byMail = new Map([...accounts.values()].map((account) => [account.mail?.toLowerCase(), account]));
  return [...employees.values()].flatMap((employee) => {
    const account = byMail.get(employee.workEmail?.toLowerCase());
    return account?.accountEnabled === false && employee.status === "Active" ? [{ employee, account }] : [];
  });
}

/** Everybody of a department has it under another name, in HR and in the tenant. */
export function rename({ employees, accounts }: World, from: string, to: string): void {
  for (const record of [...employees.values(), ...accounts.values()]) {
    if (record.department === from) record.department = to;
  }
}

const dayIn = (world: World, days: number): string =>
  new Date(world.now() + days * 86_400_000).toISOString().slice(0, 10);
