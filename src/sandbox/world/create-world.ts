import { Agenda } from "./agenda.ts";
import { addDays, Calendar, HOUR_MS } from "./calendar.ts";
import { Company } from "./company.ts";
import type { CompanyProfile } from "./company-profile.ts";
import { Luck } from "./luck.ts";
import { schedulePersonnelChanges } from "./personnel.ts";
import { neverEnrolling, type Trouble, troublesOf } from "./pitfalls.ts";
import { profileOf } from "./profiles/profiles.ts";
import { Reactions } from "./reactions.ts";
import { SignInPlan } from "./sign-in-plan.ts";
import type { DeliveredMail, SignIn, SignInAttempt, SignInJudge, TicketRaised, World, WorldSettings } from "./world.ts";
import { describeWorld } from "./world-dump.ts";

/** Days before the start of which the tenant still has sign-ins. */
const HISTORY_DAYS = 3;
/** Local hour at which whatever a pitfall adds signs in. */
const TROUBLE_HOUR = 11;

/**
 * Makes the company as it stands at `settings.startsAt`. The same settings give the same people, ids and reactions.
 *
 * @throws {RangeError} for a company that is not known, too small for its cast, or a start that is no instant.
 */
export function createWorld(settings: WorldSettings): World {
  const profile = profileOf(settings.company);
  if (!(settings.employees >= profile.smallest)) {
    throw new RangeError(`the company needs at least ${profile.smallest} employees, got ${settings.employees}`);
  }
  if (Number.isNaN(Date.parse(settings.startsAt))) throw new RangeError(`${settings.startsAt} is no instant`);
  return new LivingWorld(settings, profile);
}

class LivingWorld implements World {
  readonly settings: WorldSettings;
  readonly tenantId: string;
  readonly profile: CompanyProfile;
  readonly signIns: SignIn[] = [];
  judge: SignInJudge = () => ({ errorCode: 0, conditionalAccessStatus: "notApplied", appliedPolicies: [] });

  readonly #luck: Luck;
  readonly #calendar: Calendar;
  readonly #company: Company;
  readonly #agenda = new Agenda();
  readonly #plan: SignInPlan;
  readonly #reactions: Reactions;
  readonly #ticketListeners: ((ticket: TicketRaised) => void)[] = [];
  /** Sign-ins that a pitfall adds to each day; empty in the ordinary company. */
  #troubles: readonly Trouble[] = [];
  #current: number;
  #nextDay: string;
  #nextMidnight: number;
  #isMoving = false;
  /** World time minus the process's own clock, in ms. */
  #lead: number;

  readonly #lostPhones = new Set<string>();

  constructor(settings: WorldSettings, profile: CompanyProfile) {
    this.profile = profile;
    this.#calendar = new Calendar(profile.timeZone);
    const startsAt = Date.parse(settings.startsAt);
    const today = this.#calendar.dateOf(startsAt);
    this.settings = settings;
    this.#luck = new Luck(settings.seed);
    this.tenantId = this.#luck.guid("tenant");
    this.#company = new Company({ settings, luck: this.#luck, today, profile });
    this.#plan = this.#makePlan();
    if (settings.pitfalls?.includes("stored_password") === false) this.#plan.mend(this.#company.legacyUserId);
    this.#reactions = this.#makeReactions();
    this.#troubles = troublesOf(settings.pitfalls, this.#company, today);
    this.#nextDay = addDays(today, -HISTORY_DAYS);
    this.#nextMidnight = this.#calendar.at(this.#nextDay, 0);
    this.#current = this.#nextMidnight;
    this.#lead = 0;
    this.#scheduleStory(startsAt, today);
    this.moveTo(startsAt);
  }

  get tenantDomain(): string {
    return this.profile.tenantDomain;
  }

  get mailDomain(): string {
    return this.profile.mailDomain;
  }

  get timeZone(): string {
    return this.profile.timeZone;
  }

  get employees() {
    return this.#company.employees;
  }

  get timeOff() {
    return this.#company.timeOff;
  }

  get accounts() {
    return this.#company.accounts;
  }

  now(): number {
    // Whatever happens asks for the time of its own happening.
    if (!this.#isMoving) this.#run(Math.floor(performance.now() + this.#lead));
    return this.#current;
  }

  moveTo(ms: number): void {
    if (!(ms >= this.#current)) {
      throw new RangeError(`the world's clock moves forward only: it is ${new Date(this.#current).toISOString()}`);
    }
    this.#run(ms);
    this.#lead = ms - performance.now();
  }

  schedule(ms: number, happen: () => void): void {
    this.#agenda.add(Math.max(ms, this.#current), happen);
  }

  chance(key: string): number {
    return this.#luck.chance(key);
  }

  guid(key: string): string {
    return this.#luck.guid(key);
  }

  deliver(mail: DeliveredMail): void {
    this.#reactions.deliver(mail);
  }

  enrolWithPass(accountId: string): void {
    const account = this.accounts.get(accountId);
    if (account !== undefined) this.#reactions.enrolNow(account, this.now());
  }

  onTicket(listener: (ticket: TicketRaised) => void): void {
    this.#ticketListeners.push(listener);
  }

  retireLegacyClient(accountId: string): void {
    this.#plan.mend(accountId);
  }

  losePhone(accountId: string): void {
    if (!this.accounts.has(accountId)) throw new RangeError(`there is no account ${accountId}`);
    this.#lostPhones.add(accountId);
  }

  replacePhone(accountId: string): void {
    this.#lostPhones.delete(accountId);
  }

  hasLostPhone(accountId: string): boolean {
    return this.#lostPhones.has(accountId);
  }

  dump(): Readonly<Record<string, unknown>> {
    return describeWorld(this, this.#company);
  }

  /** Lets everything happen that is due until `limit`, in order: the agenda, new days, sign-ins. */
  #run(limit: number): void {
    this.#isMoving = true;
    try {
      for (;;) {
        const next = Math.min(this.#agenda.nextAt, this.#nextMidnight, this.#plan.nextAt);
        if (next > limit) break;
        this.#current = next;
        if (this.#agenda.nextAt === next) this.#agenda.take()?.();
        else if (this.#plan.nextAt === next) this.#signIn();
        else this.#startDay();
      }
      this.#current = Math.max(this.#current, limit);
    } finally {
      this.#isMoving = false;
    }
  }

  #startDay(): void {
    this.#plan.startDay(this.#nextMidnight, this.#nextDay);
    for (const trouble of this.#troubles) {
      const at = this.#nextMidnight + TROUBLE_HOUR * HOUR_MS;
      this.#agenda.add(at, () => this.#happen({ ...trouble, at: new Date(at).toISOString() }));
    }
    this.#nextDay = addDays(this.#nextDay, 1);
    this.#nextMidnight = this.#calendar.at(this.#nextDay, 0);
  }

  #signIn(): void {
    const attempt = this.#plan.take();
    if (attempt !== null) this.#happen(attempt);
  }

  #happen(attempt: SignInAttempt): void {
    const { errorCode, conditionalAccessStatus, appliedPolicies } = this.judge(attempt);
    const id = this.#luck.guid(`sign-in ${this.signIns.length}`);
    this.signIns.push({ id, ...attempt, errorCode, conditionalAccessStatus, appliedPolicies });
  }

  #makePlan(): SignInPlan {
    const company = this.#company;
    return new SignInPlan(
      {
        luck: this.#luck,
        legacyUser: company.legacyUserId,
        scanner: company.special.scanner?.id ?? "",
        directorySync: company.special.directorySync.id,
        account: (id) => company.accounts.get(id),
        worksOn: (accountId, date) => company.worksOn(accountId, date),
        worksShifts: (accountId) => company.worksShifts(accountId),
        itDepartment: company.profile.itDepartment,
      },
      company.workingAccountIds(),
    );
  }

  #makeReactions(): Reactions {
    const company = this.#company;
    return new Reactions({
      luck: this.#luck,
      schedule: (at, happen) => this.schedule(at, happen),
      accountByAddress: (address) => company.accountByAddress(address),
      isAttentive: (accountId) => company.isAttentive(accountId),
      neverEnrols: neverEnrolling(this.settings.pitfalls, company),
      eager: new Set([company.newHire.account.id, company.joiner.account.id]),
      hasPhone: (accountId) => !company.worksShifts(accountId),
      ticketRaisers: [...company.accountIdsOf("raisesTicket")],
      raise: (ticket) => {
        for (const listener of this.#ticketListeners) listener(ticket);
      },
    });
  }

  #scheduleStory(startsAt: number, today: string): void {
    const company = this.#company;
    schedulePersonnelChanges(
      {
        calendar: this.#calendar,
        today,
        schedule: (at, happen) => this.schedule(at, happen),
        addRecord: (person) => company.addRecord(person),
        addAccount: (person) => {
          company.addAccount(person);
          this.#plan.addPerson(person.account.id);
        },
      },
      { newHire: company.newHire, joiner: company.joiner, leavers: company.leavers },
    );
    this.#reactions.scheduleOtherQuestions(startsAt, company.sampleAccounts(4));
  }
}
