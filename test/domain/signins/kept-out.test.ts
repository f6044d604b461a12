import { describe, expect, it } from "vitest";
import { type PhaseId, userIdOfAccount } from "../../../src/domain/model/ids.ts";
import type { SignIn } from "../../../src/domain/model/signin.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { SignInObserver } from "../../../src/domain/signins/observe.ts";
import { objectId, SALES, signIn } from "../../support/rollout-facts.ts";

const OURS = "policy-sales";
const user = (n: number, capable: boolean) =>
  [objectId(n), { userId: userIdOfAccount(objectId(n)), phase: SALES, capable, excepted: false }] as const;
const USERS = new Map([user(1, true), user(2, false)]);
const at = (time: string) => instant(`2026-10-13T${time}:00Z`);
const refused = (errorCode: number, time: string, over: Partial<SignIn> = {}): Partial<SignIn> => ({
  id: `${errorCode} ${time}`,
  at: at(time),
  errorCode,
  conditionalAccess: "failure",
  policies: [{ policyId: OURS, outcome: "failure" }],
  ...over,
});
const LEGACY = { clientApp: "IMAP4" };

function look(signIns: readonly SignIn[], watched: Readonly<Record<number, string>> = {}) {
  const observer = new SignInObserver({
    users: USERS,
    policies: new Map<string, PhaseId>([[OURS, SALES]]),
    watched: new Map(Object.entries(watched).map(([n, time]) => [userIdOfAccount(objectId(Number(n))), at(time)])),
  });
  for (const one of signIns) observer.add(one);
  const { blocks, recovered } = observer.summary();
  return { blocks, recovered };
}
const kinds = (...signIns: readonly SignIn[]) => look(signIns).blocks.map(({ kind }) => kind);

describe("a user with a method", () => {
  it.each([
    ["leaves two prompts unanswered", [refused(50074, "09:00"), refused(50076, "09:10")]],
    ["lets one request for MFA fail", [refused(500121, "09:00")]],
    ["got in before and not since", [{ at: at("08:00") }, refused(500121, "09:00")]],
  ])("is kept out who %s", (_, signIns) => {
    const some = signIns.map((over) => signIn(1, over));
    expect(kinds(...some)).toEqual(["no_answer"]);
    expect(kinds(...some.toReversed())).toEqual(["no_answer"]);
  });

  it.each([
    ["closes one prompt", [refused(50076, "09:00")]],
    ["answers in the end", [refused(500121, "09:00"), refused(500121, "09:05"), { at: at("09:10") }]],
    ["is only asked in the background", [1, 2, 3].map((n) => refused(50076, `09:0${n}`, { interactive: false }))],
    ["has a wrong password", [{ at: at("09:00"), errorCode: 50126, conditionalAccess: "notApplied" as const }]],
    ["answers between two prompts", [refused(50076, "09:00"), { at: at("09:01") }, refused(50076, "09:30")]],
  ])("is not kept out who %s", (_, signIns) => {
    const some = signIns.map((over) => signIn(1, over));
    expect(kinds(...some)).toEqual([]);
    expect(kinds(...some.toReversed())).toEqual([]);
  });
});

it("a user without a method is kept out at the first prompt", () => {
  expect(kinds(signIn(2, refused(50079, "09:00")))).toEqual(["no_method"]);
});

it("a client that cannot ask is kept out whatever else its owner does, and another control is told apart", () => {
  expect(kinds(signIn(1, refused(53003, "09:00", LEGACY)), signIn(1, { at: at("10:00") }))).toEqual(["client"]);
  expect(kinds(signIn(1, refused(53000, "09:00")))).toEqual(["other_control"]);
});

it("says what was refused: how often, when first and last, with what", () => {
  const signIns = ["09:00", "09:20", "09:10"].map((time) =>
    signIn(1, refused(500121, time, { appName: `App ${time}` })),
  );
  expect(look(signIns).blocks).toEqual([
    {
      userId: userIdOfAccount(objectId(1)),
      phase: SALES,
      kind: "no_answer",
      count: 3,
      firstAt: at("09:00"),
      lastAt: at("09:20"),
      errorCode: 500121,
      appName: "App 09:20",
      clientApp: "Browser",
    },
  ]);
});

describe("a later look", () => {
  it("counts only what is newer than what is known", () => {
    const old = signIn(1, refused(500121, "09:00"));
    expect(look([old], { 1: "09:00" }).blocks).toEqual([]);
    expect(look([old, signIn(1, refused(500121, "11:00"))], { 1: "09:00" }).blocks).toMatchObject([{ count: 1 }]);
  });

  it("tells who got in again, and nobody who was in before or is out again", () => {
    const recovered = (...signIns: readonly SignIn[]) => look(signIns, { 1: "09:00" }).recovered;
    expect(recovered(signIn(1, { at: at("10:00") }))).toEqual([
      { userId: userIdOfAccount(objectId(1)), at: at("10:00") },
    ]);
    expect(recovered(signIn(1, { at: at("08:59") }))).toEqual([]);
    expect(recovered(signIn(1, { at: at("10:00") }), signIn(1, refused(500121, "11:00")))).toEqual([]);
    expect(recovered(signIn(2, { at: at("10:00") }))).toEqual([]);
  });
});
