import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/domain/model/ids.ts";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import {
  CancelledError,
  ConnectorAmbiguousError,
  ConnectorRejectedError,
  ConnectorThrottledError,
  ConnectorUnavailableError,
  OutcomeUnknownError,
} from "../../src/errors.ts";
import type { Effect, Found, JsonObject, Rollout } from "../../src/ports/rollout-store.ts";
import { dataDirectory, ROLLOUT, started } from "../support/data-directory.ts";

const PLAN = sha256("a1".repeat(32));
const KEY = `${ROLLOUT}/psa-project`;
const ABSENT: Found = { state: "absent" };
const help = { nextStep: "Wait." };
const lostAnswer = () => new ConnectorAmbiguousError("The answer was lost.", help);

type Act = (now: Parameters<Effect["perform"]>[0]) => Promise<JsonObject>;

/** An effect that does and finds what the test says, call by call, and remembers what it was asked. */
function scripted({ acts = [], finds = [] }: { readonly acts?: readonly Act[]; readonly finds?: readonly Found[] }) {
  const asked: string[] = [];
  const noted: JsonObject[] = [];
  const effect: Effect = {
    key: KEY,
    subject: { kind: "psa_project" },
    // Shorter than the pause between looks, so that there are two of them however late the machine's timers are.
    lagMs: 100,
    async find(earlier) {
      const found = finds[asked.filter((call) => call === "find").length];
      asked.push("find");
      noted.push(earlier.noted);
      if (found === undefined) throw new Error("find was not expected");
      return found;
    },
    async perform(now) {
      const act = acts[asked.filter((call) => call === "perform").length];
      asked.push("perform");
      noted.push(now.noted);
      if (act === undefined) throw new Error("perform was not expected");
      return act(now);
    },
  };
  return { effect, asked, noted };
}

const succeeds: Act = async () => ({ projectId: 7 });
const fails =
  (error: Error): Act =>
  async () => {
    throw error;
  };

const never = new AbortController().signal;
const run = (rollout: Rollout, effect: Effect, signal = never) =>
  rollout.exclusively(() => rollout.once(effect, PLAN, signal));
const statusOf = async (rollout: Rollout) => (await rollout.state()).effects.get(KEY)?.status;

describe("an effect", () => {
  it.each([
    ["throttled", new ConnectorThrottledError("Too many.", help)],
    ["refused", new ConnectorRejectedError("No.", help)],
    ["not reached", new ConnectorUnavailableError("Nobody there.", help)],
  ])(
    "that was %s is tried again even where nobody can look, and by a process that knows the ledger alone",
    async (_, error) => {
      await using place = await dataDirectory();
      const rollout = await place.store().create(ROLLOUT, started());
      const unknown: Found = { state: "unknown", check: "Look." };
      // A refusal is looked into at once, too: it may be of a request that was delivered twice.
      await expect(run(rollout, scripted({ acts: [fails(error)], finds: [unknown] }).effect)).rejects.toBe(error);
      const again = scripted({ acts: [succeeds], finds: [unknown] });
      expect(await run(await place.store().open(ROLLOUT), again.effect)).toEqual({ projectId: 7 });
      expect(again.asked).toEqual(["find", "perform"]);
    },
  );

  it("that was refused once and then lost is for a person where nobody can look", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const unknown: Found = { state: "unknown", check: "Look." };
    const refused = new ConnectorThrottledError("Too many.", help);
    await expect(run(rollout, scripted({ acts: [fails(refused)] }).effect)).rejects.toBe(refused);
    const lost = scripted({ acts: [fails(lostAnswer())], finds: [unknown, unknown] });
    await expect(run(rollout, lost.effect)).rejects.toThrow(OutcomeUnknownError);
    expect(lost.asked).toEqual(["find", "perform", "find"]);
  });

  it("is performed once and remembered by every process", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const first = scripted({ acts: [succeeds] });
    expect(await run(rollout, first.effect)).toEqual({ projectId: 7 });
    const second = scripted({});
    expect(await run(await place.store().open(ROLLOUT), second.effect)).toEqual({ projectId: 7 });
    expect([first.asked, second.asked]).toEqual([["perform"], []]);
  });

  it("is performed once when two calls of one turn ask for it together", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const { effect, asked } = scripted({ acts: [succeeds] });
    await rollout.exclusively(() =>
      Promise.all([rollout.once(effect, PLAN, never), rollout.once(effect, PLAN, never)]),
    );
    expect(asked).toEqual(["perform"]);
  });

  it("has its intent and its notes in the ledger before it goes on", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const seen: unknown[] = [];
    const look = async () => seen.push((await (await place.store().open(ROLLOUT)).state()).effects.get(KEY));
    const act: Act = async ({ note }) => {
      await look();
      await note({ draftId: "r-1" });
      await look();
      return {};
    };
    await run(rollout, scripted({ acts: [act] }).effect);
    expect(seen).toMatchObject([
      { status: "intended", noted: {}, plan: PLAN },
      { status: "intended", noted: { draftId: "r-1" } },
    ]);
  });

  it("is asked for inside exclusively only", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    expect(() => rollout.once(scripted({}).effect, PLAN, never)).toThrow(TypeError);
  });
});

describe("an effect whose answer was lost", () => {
  it.each<[string, readonly Found[]]>([
    ["at once", [{ state: "done", outcome: { projectId: 9 } }]],
    ["at the second look", [ABSENT, { state: "done", outcome: { projectId: 9 } }]],
  ])("is not repeated when it is found %s", async (_, finds) => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const { effect, asked } = scripted({ acts: [fails(lostAnswer())], finds });
    expect(await run(rollout, effect)).toEqual({ projectId: 9 });
    expect(asked).toEqual(["perform", ...finds.map(() => "find")]);
    expect(await statusOf(rollout)).toBe("done");
  });

  it("is performed once more when it is nowhere, with what was noted", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const notesThenFails: Act = async ({ note }) => {
      await note({ draftId: "r-1" });
      throw lostAnswer();
    };
    const { effect, asked, noted } = scripted({ acts: [notesThenFails, succeeds], finds: [ABSENT, ABSENT] });
    expect(await run(rollout, effect)).toEqual({ projectId: 7 });
    expect(asked).toEqual(["perform", "find", "find", "perform"]);
    expect(noted).toEqual([{}, { draftId: "r-1" }, { draftId: "r-1" }, { draftId: "r-1" }]);
  });

  it("leaves its intent when the second attempt fails as well, and is looked for by the next call", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const { effect } = scripted({ acts: [fails(lostAnswer()), fails(lostAnswer())], finds: [ABSENT, ABSENT] });
    await expect(run(rollout, effect)).rejects.toThrow(ConnectorAmbiguousError);
    expect(await statusOf(rollout)).toBe("intended");
    const next = scripted({ finds: [{ state: "done", outcome: {} }] });
    await run(rollout, next.effect);
    expect(next.asked).toEqual(["find"]);
  });

  it("is never repeated when nobody can tell, until a look can", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const unknown: Found = { state: "unknown", check: "Look into the channel." };
    const { effect } = scripted({ acts: [fails(lostAnswer())], finds: [unknown] });
    await expect(run(rollout, effect)).rejects.toThrow(OutcomeUnknownError);
    const again = scripted({ finds: [unknown] });
    await expect(run(rollout, again.effect)).rejects.toMatchObject({
      nextStep: expect.stringContaining("Look into the channel."),
    });
    expect((await rollout.state()).effects.get(KEY)).toMatchObject({
      status: "unknown",
      check: "Look into the channel.",
    });
    expect((await rollout.state()).seq).toBe(3); // start, intent, unknown: the second look added nothing
    const atLast = scripted({ finds: [{ state: "done", outcome: {} }] });
    await run(rollout, atLast.effect);
    expect(await statusOf(rollout)).toBe("done");
  });
});

describe("an effect that is refused", () => {
  const refusal = new ConnectorRejectedError("The name exists already.", help);

  it("is done when it is there after all, made by a request that was delivered twice", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const { effect } = scripted({ acts: [fails(refusal)], finds: [{ state: "done", outcome: { projectId: 9 } }] });
    expect(await run(rollout, effect)).toEqual({ projectId: 9 });
    expect(await statusOf(rollout)).toBe("done");
  });

  it("is done when it is refused after a lost answer, and only now shows", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const finds: readonly Found[] = [ABSENT, ABSENT, ABSENT, { state: "done", outcome: { projectId: 9 } }];
    const { effect, asked } = scripted({ acts: [fails(lostAnswer()), fails(refusal)], finds });
    expect(await run(rollout, effect)).toEqual({ projectId: 9 });
    expect(asked).toEqual(["perform", "find", "find", "perform", "find", "find"]);
  });

  it.each<readonly Found[]>([[ABSENT, ABSENT], [{ state: "unknown", check: "Look." }]])(
    "stays refused when it is not there, or nobody can tell (%o)",
    async (...finds) => {
      await using place = await dataDirectory();
      const rollout = await place.store().create(ROLLOUT, started());
      const { effect, asked } = scripted({ acts: [fails(refusal)], finds });
      await expect(run(rollout, effect)).rejects.toBe(refusal);
      expect(asked.filter((call) => call === "perform")).toHaveLength(1);
      expect(await statusOf(rollout)).toBe("intended");
    },
  );
});

describe("an effect that did not happen", () => {
  it.each([
    new ConnectorThrottledError("Slow down.", help),
    new ConnectorUnavailableError("Down.", help),
    new TypeError("a bug of ours"),
  ])("is looked for before it is tried again (%s)", async (error) => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const first = scripted({ acts: [fails(error)] });
    await expect(run(rollout, first.effect)).rejects.toBe(error);
    expect(first.asked).toEqual(["perform"]);
    const next = scripted({ acts: [succeeds], finds: [ABSENT, ABSENT] });
    await run(await place.store().open(ROLLOUT), next.effect);
    expect(next.asked).toEqual(["find", "find", "perform"]);
  });

  it("counts for the plan that tries it again", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await expect(
      run(rollout, scripted({ acts: [fails(lostAnswer()), fails(lostAnswer())], finds: [ABSENT, ABSENT] }).effect),
    ).rejects.toThrow();
    const other = sha256("b2".repeat(32));
    const { effect } = scripted({ acts: [succeeds], finds: [ABSENT, ABSENT] });
    await rollout.exclusively(() => rollout.once(effect, other, never));
    expect((await rollout.state()).effects.get(KEY)?.plan).toBe(other);
  });

  it("is not begun after the caller cancelled, and what is done is still told", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const { effect, asked } = scripted({ acts: [succeeds] });
    await expect(run(rollout, effect, AbortSignal.abort())).rejects.toThrow(CancelledError);
    expect(asked).toEqual([]);
    expect(await statusOf(rollout)).toBeUndefined();
    await run(rollout, effect);
    expect(await run(rollout, effect, AbortSignal.abort())).toEqual({ projectId: 7 });
  });

  it("has its outcome recorded when the caller cancels while it is under way", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const controller = new AbortController();
    const act: Act = async () => {
      controller.abort();
      return { projectId: 7 };
    };
    await run(rollout, scripted({ acts: [act] }).effect, controller.signal);
    expect(await statusOf(rollout)).toBe("done");
  });
});

it("leaves a crash between intent and outcome to be looked into", async () => {
  await using place = await dataDirectory();
  const rollout = await place.store().create(ROLLOUT, started());
  const intent: RolloutEvent = {
    type: "effect_intended",
    data: { key: KEY, plan: PLAN, subject: { kind: "psa_project" } },
  };
  await rollout.append(intent, { type: "effect_noted", data: { key: KEY, note: { draftId: "r-1" } } });
  const { effect, asked, noted } = scripted({ finds: [{ state: "done", outcome: { projectId: 7 } }] });
  expect(await run(await place.store().open(ROLLOUT), effect)).toEqual({ projectId: 7 });
  expect(asked).toEqual(["find"]);
  expect(noted).toEqual([{ draftId: "r-1" }]);
});
