import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { settle } from "../../src/cli/settle.ts";
import { InputError, OutcomeUnknownError, StateError } from "../../src/errors.ts";
import type { Effect } from "../../src/ports/rollout-store.ts";
import { office } from "../support/approver-office.ts";
import { ROLLOUT } from "../support/data-directory.ts";

const KEY = `${ROLLOUT}/channel/it-support/faq`;
const SEEN = { rollout: ROLLOUT, key: KEY, how: "looked in the channel", as: "Robin" };
const never = new AbortController().signal;

/** A post whose answer is lost, at a vendor that offers no way to look. */
function blindPost() {
  let posts = 0;
  const effect: Effect = {
    key: KEY,
    subject: { kind: "channel_message", name: "faq" },
    find: async () => ({ state: "unknown", check: "Look in the channel." }),
    async perform() {
      posts += 1;
      return { state: "posted" };
    },
  };
  return { effect, posts: () => posts };
}

/** An office whose post has no known end. */
async function puzzled() {
  const place = await office();
  const { effect, posts } = blindPost();
  const once = () => place.rollout.exclusively(() => place.rollout.once(effect, place.digest, never));
  await place.rollout.append({
    type: "effect_intended",
    data: { key: KEY, plan: place.digest, subject: effect.subject },
  });
  await expect(once()).rejects.toThrow(OutcomeUnknownError);
  return { ...place, once, posts };
}

describe("mfa-rollout settle", () => {
  it("ends a change that a person saw as done, and it is never made again", async () => {
    await using place = await puzzled();
    expect(await settle(place.parts, { ...SEEN, happened: true })).toBe(0);

    const settled = (await place.rollout.state()).effects.get(KEY);
    expect(settled).toMatchObject({ status: "done", outcome: { settled: true }, check: null });
    expect(await place.once()).toEqual({ settled: true });
    expect(place.posts()).toBe(0);
  });

  it("lets a change that did not happen be made, once", async () => {
    await using place = await puzzled();
    await settle(place.parts, { ...SEEN, happened: false });
    expect((await place.rollout.state()).effects.has(KEY)).toBe(false);
    await place.once();
    await place.once();
    expect(place.posts()).toBe(1);
  });

  it("keeps who said so, under their signature", async () => {
    await using place = await puzzled();
    await settle(place.parts, { ...SEEN, happened: true });
    const [line = ""] = (await readFile(place.place.ledgerPath, "utf8")).trim().split("\n").slice(-1);
    const { approval } = JSON.parse(line).data;
    expect(approval).toMatchObject({ kind: "settlement", approver: "Robin", note: "looked in the channel" });
    expect(await place.desk.objection(approval)).toBeNull();
  });

  it("changes nothing without the passphrase, or for a change whose end is known", async () => {
    await using place = await puzzled();
    const stranger = { ...place.parts, askPassphrase: async () => "not the passphrase" };
    await expect(settle(stranger, { ...SEEN, happened: true })).rejects.toThrow(InputError);
    await expect(settle(place.parts, { ...SEEN, key: "other", happened: true })).rejects.toThrow(StateError);
    expect((await place.rollout.state()).effects.get(KEY)?.status).toBe("unknown");
    await settle(place.parts, { ...SEEN, happened: true });
    await expect(settle(place.parts, { ...SEEN, happened: false })).rejects.toThrow(StateError);
  });
});
