import {
  ADMINISTRATION,
  type Application,
  BACKGROUND,
  DIRECTORY_SYNC,
  EVERYDAY,
  LEGACY_IMPORTER,
  MENDED_IMPORTER,
  SMTP_SUBMISSION,
} from "./applications.ts";
import { HOUR_MS, isWeekend } from "./calendar.ts";
import type { Luck } from "./luck.ts";
import type { Account, SignInAttempt } from "./world.ts";

/** What somebody is about to do, in the order that the plan encodes. */
const EVERYDAY_USE = 0;
const BACKGROUND_USE = 1;
const IMPORT = 2;
const SCAN = 3;
const SYNC = 4;

/**
 * One planned attempt is one number: milliseconds since local midnight, then who, then what. A day of 100,000 people
 * is then one flat array that sorts as numbers.
 */
const WHAT_SIZE = 8;
const WHO_SIZE = 2 ** 20;

const FIRST_HOUR = 7;
const OFFICE_HOURS = 10.5;
const IMPORT_HOURS = [1.1, 7.1, 13.1, 19.1] as const;
const SCAN_HOURS = [8.4, 11.7, 15.2] as const;

/** Local hours at which a shift begins. */
const SHIFTS = [6.5, 14.5, 22.5] as const;

const OFFICE_ADDRESS = "203.0.113.24";
const SERVER_ADDRESS = "203.0.113.40";

export interface SignInPlanParts {
  readonly luck: Luck;
  readonly legacyUser: string;
  readonly scanner: string;
  readonly directorySync: string;
  readonly account: (id: string) => Account | undefined;
  /** Whether a person works on a date: neither on leave nor on vacation. */
  readonly worksOn: (accountId: string, date: string) => boolean;
  /** Whether a person works at any hour of any day. */
  readonly worksShifts: (accountId: string) => boolean;
  readonly itDepartment: string;
}

/** Who signs in to what, day by day. */
export class SignInPlan {
  readonly #parts: SignInPlanParts;
  /** Everybody who ever signs in; the plan refers to them by index. */
  readonly #people: string[];
  readonly #mended = new Set<string>();
  #midnight = 0;
  #date = "";
  #plan = new Float64Array();
  #done = 0;

  constructor(parts: SignInPlanParts, people: readonly string[]) {
    this.#parts = parts;
    this.#people = [parts.legacyUser, parts.scanner, parts.directorySync, ...people];
  }

  addPerson(accountId: string): void {
    this.#people.push(accountId);
  }

  /** From now on the account's client uses modern authentication, or for a device: another way to send. */
  mend(accountId: string): void {
    if (accountId !== this.#parts.legacyUser && accountId !== this.#parts.scanner) {
      throw new RangeError(`account ${accountId} uses no legacy client`);
    }
    this.#mended.add(accountId);
  }

  /** Plans a local day that begins at `midnight` (ms). Whatever was left of the day before is forgotten. */
  startDay(midnight: number, date: string): void {
    const entries: number[] = [];
    const plan = (hour: number, who: number, what: number): void => {
      entries.push((Math.round(hour * HOUR_MS) * WHO_SIZE + who) * WHAT_SIZE + what);
    };
    for (const hour of IMPORT_HOURS) plan(hour, 0, IMPORT);
    for (let hour = 0; hour < 24; hour += 1) plan(hour + 0.35, 2, SYNC);
    const isWeekday = !isWeekend(date);
    if (isWeekday) for (const hour of SCAN_HOURS) plan(hour, 1, SCAN);
    for (let who = 3; who < this.#people.length; who += 1) {
      if (this.#parts.worksShifts(this.#people[who] ?? "")) this.#planShift(who, date, plan);
      else if (isWeekday) this.#planPerson(who, date, plan);
    }
    this.#midnight = midnight;
    this.#date = date;
    this.#plan = Float64Array.from(entries).sort();
    this.#done = 0;
  }

  /** When the next attempt is due, or `Infinity` when the day has no more. */
  get nextAt(): number {
    const entry = this.#plan[this.#done];
    return entry === undefined ? Number.POSITIVE_INFINITY : this.#midnight + Math.floor(entry / (WHO_SIZE * WHAT_SIZE));
  }

  /** Takes the next attempt out; `null` when it does not come about. */
  take(): SignInAttempt | null {
    const at = this.nextAt;
    const entry = this.#plan[this.#done] ?? 0;
    this.#done += 1;
    const account = this.#parts.account(this.#people[Math.floor(entry / WHAT_SIZE) % WHO_SIZE] ?? "");
    if (!account?.accountEnabled) return null;
    const application = this.#application(account, entry % WHAT_SIZE);
    if (application === null) return null;
    return {
      at: new Date(at).toISOString(),
      accountId: account.id,
      appId: application.appId,
      appDisplayName: application.appDisplayName,
      resourceDisplayName: application.resourceDisplayName,
      clientAppUsed: application.clientAppUsed,
      authenticationProtocol: application.authenticationProtocol,
      interactive: application.interactive,
      ipAddress: this.#address(account, application),
      userAgent: application.userAgent,
    };
  }

  #planPerson(who: number, date: string, plan: (hour: number, who: number, what: number) => void): void {
    const id = this.#people[who] ?? "";
    const { luck, worksOn } = this.#parts;
    if (!worksOn(id, date)) return;
    const key = `${id} ${date}`;
    const first = luck.chance(key);
    plan(FIRST_HOUR + first * OFFICE_HOURS, who, EVERYDAY_USE);
    const more = luck.chance(`${key} more`);
    if (more < 0.4) plan(FIRST_HOUR + (more / 0.4) * OFFICE_HOURS, who, EVERYDAY_USE);
    else if (more > 0.7) plan(FIRST_HOUR + ((more - 0.7) / 0.3) * OFFICE_HOURS, who, BACKGROUND_USE);
  }

  /** One sign-in at the beginning of an early, late or night shift; two days of seven are free. */
  #planShift(who: number, date: string, plan: (hour: number, who: number, what: number) => void): void {
    const id = this.#people[who] ?? "";
    const { luck, worksOn } = this.#parts;
    if (!worksOn(id, date) || luck.chance(`${id} ${date} free`) < 2 / 7) return;
    const begins = luck.pick(SHIFTS, `${id} ${date} shift`);
    plan(begins + luck.chance(`${id} ${date}`), who, EVERYDAY_USE);
  }

  #application(account: Account, what: number): Application | null {
    const isMended = this.#mended.has(account.id);
    switch (what) {
      case BACKGROUND_USE:
        return BACKGROUND;
      case IMPORT:
        return isMended ? MENDED_IMPORTER : LEGACY_IMPORTER;
      case SCAN:
        return isMended ? null : SMTP_SUBMISSION;
      case SYNC:
        return DIRECTORY_SYNC;
      default: {
        const applications = account.department === this.#parts.itDepartment ? ADMINISTRATION : EVERYDAY;
        return this.#parts.luck.pick(applications, `${account.id} ${this.#date} ${this.#done}`);
      }
    }
  }

  #address(account: Account, application: Application): string {
    if (
      account.id === this.#parts.directorySync ||
      application === LEGACY_IMPORTER ||
      application === MENDED_IMPORTER
    ) {
      return SERVER_ADDRESS;
    }
    const luck = this.#parts.luck.chance(`${account.id} ${this.#date} address`);
    return application.interactive && luck > 0.3 ? OFFICE_ADDRESS : `198.51.100.${1 + Math.floor(luck * 250)}`;
  }
}
