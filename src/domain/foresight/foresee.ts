import type { Break, Outcome } from "../model/foresight.ts";
import type { EntraObjectId, UserId, UserPrincipalName } from "../model/ids.ts";
import type { SignIn } from "../model/signin.ts";
import type { Instant } from "../model/time.ts";
import { findingId } from "../signins/collect-findings.ts";
import type { Subject } from "./applies.ts";
import { draftApplies, effectOn, outcomeOf, type Reach, type Rules, reachOf, wasApplied } from "./judge-sign-in.ts";
import { type Ability, type Standing, worse } from "./standing.ts";

/** An account whose sign-ins are replayed. Disabled accounts sign in to nothing and are left out. */
export interface ForeseenAccount extends Subject, Ability {
  readonly userId: UserId;
  readonly upn: UserPrincipalName;
  readonly department: string | null;
  /** Belongs to the phase that is to be enforced. */
  readonly member: boolean;
}

export interface ForeseenUser {
  readonly account: ForeseenAccount;
  readonly outcome: Outcome;
  /** Cannot answer a prompt that an interactive or modern client would show, whatever else breaks. */
  readonly cannotAnswer: boolean;
  readonly signIns: number;
  /** The sign-in behind the outcome; `null` where nothing stands out. */
  readonly because: { readonly standing: Standing; readonly appName: string; readonly clientApp: string } | null;
  readonly breaks: readonly Break[];
  /** Worst standing by application. */
  readonly applications: ReadonlyMap<string, Standing>;
}

/** What the log's own results say of the same sign-ins. */
export interface CrossCheck {
  /** Sign-ins to which the draft applies, and how many of them show a result of its policy. */
  readonly touched: number;
  readonly shown: number;
  /** Users whose newest comparable sign-in shows the contrary of what follows from the policy's conditions. */
  readonly disputed: readonly UserId[];
  /** Accounts that signed in, that the policy applied to, and that the list does not have. */
  readonly unlisted: number;
}

interface Seen {
  readonly account: ForeseenAccount;
  readonly reach: Reach;
  signIns: number;
  touched: boolean;
  /** Worst of what a person would meet. */
  answer: Standing;
  because: ForeseenUser["because"];
  comparedAt: string;
  disputed: boolean;
  /** `null` for the many of whom nothing breaks. */
  breaks: Map<string, Break> | null;
  readonly applications: Map<string, Standing>;
}

const BREAKS: ReadonlySet<Standing> = new Set(["device", "client", "blocked"]);
const OUTCOME_OF: Readonly<Partial<Record<Standing, Outcome>>> = {
  no_method: "cannot_answer",
  unclear: "unclear",
  asked: "prompted",
};

/**
 * Replays sign-ins against a draft as they stream by, in any order, and keeps only what it has found out of each user.
 * Only sign-ins count that got through, or that the draft's own policy refused when it was enforced before: a wrong
 * password proves nothing about anybody.
 */
export class LockoutForesight {
  readonly #rules: Rules;
  readonly #accounts: ReadonlyMap<EntraObjectId, ForeseenAccount>;
  readonly #settledSince: Instant;
  readonly #seen = new Map<EntraObjectId, Seen>();
  readonly #unlisted = new Set<EntraObjectId>();
  /** One copy of each name, since a log repeats few names a million times. */
  readonly #names = new Map<string, string>();
  #touched = 0;
  #shown = 0;

  /** @param known.settledSince - Before then the log's results may rest on groups or a policy that have changed. */
  constructor(known: {
    readonly rules: Rules;
    readonly accounts: ReadonlyMap<EntraObjectId, ForeseenAccount>;
    readonly settledSince: Instant;
  }) {
    this.#rules = known.rules;
    this.#accounts = known.accounts;
    this.#settledSince = known.settledSince;
  }

  add(signIn: SignIn): void {
    const told = outcomeOf(signIn, this.#rules.draft);
    if (signIn.errorCode !== 0 && told !== "failure") return;
    const account = this.#accounts.get(signIn.objectId);
    if (account === undefined) {
      if (wasApplied(told) === true) this.#unlisted.add(signIn.objectId);
      return;
    }
    const seen = this.#seenOf(account);
    seen.signIns += 1;
    this.#compare(seen, signIn);
    const effect = effectOn(this.#rules, { reach: seen.reach, ability: account }, signIn);
    if (effect !== "none") this.#note(seen, signIn, effect);
  }

  crossCheck(): CrossCheck {
    const disputed = [...this.#seen.values()].filter((seen) => seen.disputed).map(({ account }) => account.userId);
    return {
      touched: this.#touched,
      shown: this.#shown,
      disputed: disputed.sort(),
      unlisted: this.#unlisted.size,
    };
  }

  /** Everybody of the phase, and whoever else the draft is for or touched; in the order of the accounts given. */
  *users(): Generator<ForeseenUser> {
    for (const account of this.#accounts.values()) {
      const seen = this.#seen.get(account.objectId);
      const concerned = account.member || seen?.touched || reachOf(this.#rules, account).draft !== "no";
      if (concerned) yield seen === undefined ? unseen(account) : foreseen(seen);
    }
  }

  #seenOf(account: ForeseenAccount): Seen {
    const known = this.#seen.get(account.objectId);
    if (known !== undefined) return known;
    const fresh: Seen = {
      account,
      reach: reachOf(this.#rules, account),
      signIns: 0,
      touched: false,
      answer: "met",
      because: null,
      comparedAt: "",
      disputed: false,
      breaks: null,
      applications: new Map(),
    };
    this.#seen.set(account.objectId, fresh);
    return fresh;
  }

  #note(seen: Seen, signIn: SignIn, standing: Standing): void {
    const { objectId: _, appName, clientApp, at: lastSeen } = signIn;
    const name = this.#name(appName);
    seen.touched = true;
    seen.applications.set(name, worse(standing, seen.applications.get(name) ?? "met"));
    if (seen.because === null || worse(seen.because.standing, standing) !== seen.because.standing) {
      seen.because = { standing, appName: name, clientApp: this.#name(clientApp) };
    }
    if (!BREAKS.has(standing)) {
      seen.answer = worse(standing, seen.answer);
      return;
    }
    const finding = findingId(signIn);
    seen.breaks ??= new Map();
    const before = seen.breaks.get(finding);
    if (before === undefined || before.lastSeen < lastSeen) {
      seen.breaks.set(finding, { finding, userId: seen.account.userId, lastSeen });
    }
  }

  /** Sets what follows from the conditions beside what the log shows, the newest comparable sign-in counting. */
  #compare(seen: Seen, signIn: SignIn): void {
    const expected = draftApplies(this.#rules, seen.reach, signIn);
    const shown = wasApplied(outcomeOf(signIn, this.#rules.draft));
    if (expected === "yes") this.#touched += 1;
    if (expected === "yes" && shown !== null) this.#shown += 1;
    if (expected === "unknown" || shown === null) return;
    if (signIn.at < this.#settledSince || signIn.at < seen.comparedAt) return;
    seen.comparedAt = signIn.at;
    seen.disputed = (expected === "yes") !== shown;
  }

  #name(text: string): string {
    const known = this.#names.get(text);
    if (known === undefined) this.#names.set(text, text);
    return known ?? text;
  }
}

const NO_BREAKS: readonly Break[] = [];

const unseen = (account: ForeseenAccount): ForeseenUser => ({
  account,
  outcome: "no_evidence",
  cannotAnswer: false,
  signIns: 0,
  because: null,
  breaks: [],
  applications: new Map(),
});

const foreseen = ({ account, signIns, answer, because, breaks, applications }: Seen): ForeseenUser => ({
  account,
  outcome: breaks !== null ? "breaks" : (OUTCOME_OF[answer] ?? "passes"),
  cannotAnswer: answer === "no_method",
  signIns,
  because,
  breaks: breaks === null ? NO_BREAKS : [...breaks.values()],
  applications,
});
