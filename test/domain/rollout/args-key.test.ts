import { describe, expect, it } from "vitest";
import { argsKey } from "../../../src/domain/rollout/args-key.ts";

describe("argsKey", () => {
  it("is canonical: order and absent values make no difference", () => {
    expect(argsKey({ phase: "phase_it", kind: "reminder", note: undefined })).toBe(
      '{"kind":"reminder","phase":"phase_it"}',
    );
    expect(argsKey({ kind: "reminder", phase: "phase_it" })).toBe('{"kind":"reminder","phase":"phase_it"}');
  });

  it.each(["rollout", "preview", "limit", "cursor", "detail"])("leaves out %s, which chooses no work", (name) => {
    expect(argsKey({ [name]: "x", phase: "phase_it" })).toBe(argsKey({ phase: "phase_it" }));
  });

  it("tells values of different kinds apart", () => {
    expect(new Set([argsKey({ a: "1" }), argsKey({ a: 1 }), argsKey({ a: null }), argsKey({})]).size).toBe(4);
  });
});
