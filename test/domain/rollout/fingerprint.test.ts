import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../../src/domain/rollout/fingerprint.ts";

const ids = fc.uniqueArray(fc.string({ maxLength: 8 }), { maxLength: 20 });

describe("fingerprint", () => {
  it("is the same for the same set, in any order and with repetitions", () => {
    fc.assert(
      fc.property(ids, (set) => {
        expect(fingerprint([...set].reverse())).toBe(fingerprint(set));
        expect(fingerprint([...set, ...set])).toBe(fingerprint(set));
      }),
      { verbose: 1 },
    );
  });

  it("changes with a member more, a member fewer and a member exchanged", () => {
    fc.assert(
      fc.property(ids, fc.string({ minLength: 9, maxLength: 9 }), (set, other) => {
        expect(fingerprint([...set, other])).not.toBe(fingerprint(set));
        if (set.length > 0) expect(fingerprint([...set.slice(1), other])).not.toBe(fingerprint(set));
      }),
      { verbose: 1 },
    );
  });

  it("does not take two short ids for one long one", () => {
    expect(fingerprint(["ab", "c"])).not.toBe(fingerprint(["a", "bc"]));
    expect(fingerprint([])).toMatch(/^0:[0-9a-f]{12}$/);
  });
});
