import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveSecret, Secret, secretReference } from "../../src/config/secret.ts";
import { ConfigurationError } from "../../src/errors.ts";

const VALUE = "s3cr3t-of-larkfield";
let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "mfa-rollout-secret-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function secretFile(text: string, mode = 0o600): Promise<string> {
  const path = join(dir, `secret-${mode.toString(8)}-${text.length}`);
  await writeFile(path, text);
  await chmod(path, mode);
  return `file:${path}`;
}

describe("a secret", () => {
  it("is never shown by printing, joining, logging or serialising it", () => {
    const secret = new Secret(VALUE);
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }),
      inspect(secret, { showHidden: true }),
    ];
    expect(shown.filter((text) => text.includes(VALUE))).toEqual([]);
    expect(shown[2]).toBe('{"secret":"[secret]"}');
    expect(Object.values(secret)).toEqual([]);
    expect(secret.reveal()).toBe(VALUE);
  });

  it("comes from the environment or from a private file, without the line break at its end", async () => {
    expect((await resolveSecret("env:TOKEN", "mail", { TOKEN: `${VALUE}\n` })).reveal()).toBe(VALUE);
    expect((await resolveSecret(await secretFile(`${VALUE}\n`), "mail", {})).reveal()).toBe(VALUE);
  });

  it.each([
    ["a variable that is not set", "env:TOKEN", {}, "the environment variable TOKEN is not set"],
    ["an empty variable", "env:TOKEN", { TOKEN: " " }, "TOKEN is not set"],
    ["a file that is not there", "file:/nowhere/at/all", {}, "cannot be read"],
  ])("is missing with %s: says where it belongs and what to do", async (_, reference, environment, message) => {
    const failure = await resolveSecret(reference, "tenant.client_secret", environment).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(failure).toMatchObject({
      message: expect.stringContaining(message),
      nextStep: expect.stringMatching(/.{10,}/),
    });
    expect(String(failure)).toContain("tenant.client_secret");
  });

  it("is missing with an empty file", async () => {
    await expect(resolveSecret(await secretFile("\n"), "mail", {})).rejects.toThrow("its file is empty");
  });

  it.each([0o640, 0o604, 0o620, 0o644])("is refused from a file of mode %o, which others can touch", async (mode) => {
    const failure = await resolveSecret(await secretFile(VALUE, mode), "mail", {}).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ERR_CONFIGURATION", nextStep: expect.stringContaining("chmod 600") });
    expect(inspect(failure)).not.toContain(VALUE);
  });
});

describe("secretReference", () => {
  it.each(["env:TOKEN", "env:_x9", "file:/etc/mfa/token", "file:/with space/x"])("takes %s", (reference) => {
    expect(secretReference.safeParse(reference).success).toBe(true);
  });

  it.each([VALUE, "env:", "env:1X", "env:A B", "file:relative", "file:", "ENV:TOKEN", "", "env:TOKEN\n", " env:TOKEN"])(
    "refuses %j, and does not repeat it",
    (reference) => {
      const { success, error } = secretReference.safeParse(reference);
      expect(success).toBe(false);
      expect(error?.issues.map(({ message }) => message)).toEqual([
        "must be env:NAME or file:/absolute/path, never the secret itself",
      ]);
    },
  );
});
