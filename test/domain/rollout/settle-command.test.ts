import { expect, it } from "vitest";
import { settleCommand } from "../../../src/domain/rollout/settle-command.ts";

it.each([
  ["rol_x/channel/it-support/faq", "rol_x/channel/it-support/faq"],
  ["rol_x/channel/it-support/tab/MFA FAQ", "'rol_x/channel/it-support/tab/MFA FAQ'"],
  ["rol_x/it's $(here)", String.raw`'rol_x/it'\''s $(here)'`],
])("names %s as a shell takes it", (key, word) => {
  expect(settleCommand("rol_x", key)).toBe(
    `mfa-rollout settle rol_x ${word} --happened --how "what you saw" --as NAME`,
  );
});
