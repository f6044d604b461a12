import { describe, expect, it } from "vitest";
import type { EffectRecord } from "../../../src/domain/model/effect.ts";
import { sha256 } from "../../../src/domain/model/ids.ts";
import type { Procedure } from "../../../src/domain/model/procedure.ts";
import { leakedFacts, promote } from "../../../src/domain/rollout/promote.ts";
import { finding, NOW, STATE } from "../../support/gate-question.ts";
import { account, CUSTOMER, rolloutState, SALES, user } from "../../support/rollout-facts.ts";
import { PROCEDURE } from "../../support/rollout-story.ts";

const TEXTS = {
  "faq.md": "Ask {{ escalation_name }} at {{ customer_name }}.",
  "emails/announcement.md": "Hello {{ given_name }}",
};
const USED: Procedure = { ...PROCEDURE, version: "1.4.2", texts: TEXTS };
const rolledBack = (status: EffectRecord["status"], to: "report_only" | "enforced"): EffectRecord => ({
  key: `k/${status}/${to}`,
  subject: { kind: "policy_state", phase: SALES, state: to },
  ...{ plan: null, status, noted: {}, outcome: {}, at: NOW, check: null },
});

describe("promote", () => {
  it("keeps steps, settings and texts, and raises the version", () => {
    const { hash: _, ...rest } = USED;
    expect(promote(USED, rolloutState(), null)).toEqual({ ...rest, version: "1.5.0" });
  });

  it("begins anew under another name, and not under the same", () => {
    expect(promote(USED, rolloutState(), "dental")).toMatchObject({ id: "dental", version: "1.0.0" });
    expect(promote(USED, rolloutState(), USED.id)).toMatchObject({ id: USED.id, version: "1.5.0" });
  });

  it("adds what was learned in kinds and counts, once, after the older lessons", () => {
    const effects = [
      rolledBack("done", "report_only"),
      rolledBack("intended", "report_only"),
      rolledBack("done", "enforced"),
    ];
    const { exceptions } = STATE;
    if (exceptions === null) throw new Error("the state has exceptions");
    const state = rolloutState({
      findings: new Map([1, 2].map((n) => [`f${n}`, finding(n, { id: `f${n}`, cause: "legacy_protocol" })])),
      exceptions: { ...exceptions, counts: { service_account: 4, on_leave: 3, other: 0 } },
      effects: new Map(effects.map((effect) => [effect.key, effect])),
    });
    const lessons = [
      "Older lesson.",
      "Report-only found legacy protocol 2 times; look for it before announcing.",
      "Exceptions granted: 4 service account, 3 on leave.",
      "1 phases were rolled back.",
    ];
    expect(promote({ ...USED, lessons: ["Older lesson."] }, state, null).lessons).toEqual(lessons);
    expect(promote({ ...USED, lessons }, state, null).lessons).toEqual(lessons);
  });
});

describe("leakedFacts", () => {
  const people = [user(1, { displayName: "Zoë O'Neil" }), user(2, { displayName: "Bo", account: account(2) })];
  const from = {
    customer: CUSTOMER,
    state: rolloutState({ groups: new Map([["g", "0a1b2c3d-0000-4000-8000-000000000009"]]) }),
    users: people,
  };
  const leaks = (over: Partial<Procedure>) => leakedFacts({ ...USED, ...over }, from);

  it("finds nothing in a text that names everything by parameters", () => {
    expect(leaks({})).toEqual([]);
  });

  it.each([
    ["the customer's name", "At LARKFIELD FOODS we"],
    ["the customer's name", "see the larkfield share"],
    ["a domain", "write to anyone@larkfieldfoods.com"],
    ["a tenant or object id", `tenant ${CUSTOMER.tenantId.toUpperCase()}`],
    ["a tenant or object id", `msp ${CUSTOMER.mspTenantId}`],
    ["a tenant or object id", "group 0a1b2c3d-0000-4000-8000-000000000009"],
    ["a tenant or object id", `account ${account(1).objectId}`],
    ["an address", "call ines@northwind.example"],
    ["an address", "call carla@larkfieldfoods.com"],
    ["an address", "from it@larkfieldfoods.com"],
    ["a person's name", "ask Ines Ortiz"],
    ["a person's name", "ask carla fontana"],
    ["a person's name", "ask zoë o'neil"],
    ["a link", "read https://guide.example"],
    ["a link", "read https://faq.example"],
  ])("finds %s in %j", (kind, text) => {
    expect(leaks({ texts: { "faq.md": text } })).toContain(`faq.md has ${kind}`);
  });

  it("looks through title, description and lessons too, and tells no fact itself", () => {
    const text = "Made for Larkfield Foods";
    const found = leaks({ title: text, description: text, lessons: [text] });
    expect(found).toEqual(["title", "description", "lessons"].map((place) => `${place} has the customer's name`));
  });

  it("takes no word for a name that occurs in any text by chance", () => {
    expect(leaks({ texts: { "faq.md": "Bob is about it." } })).toEqual([]);
  });
});

it("has no hash of its own before it is stored", () => {
  expect(promote({ ...USED, hash: sha256("f".repeat(64)) }, rolloutState(), null)).not.toHaveProperty("hash");
});
