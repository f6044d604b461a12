import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DelegatedTokens } from "../../src/connectors/teams/delegated-tokens.ts";
import { SignInFile } from "../../src/ledger/sign-in-file.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "mfa-rollout-sign-in-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const program = join(import.meta.dirname, "../support/sign-in-process.ts");
const configured = (token: string | null) => async () => token;

/** Uses the sign-in once: what it was given, with `newer` kept after. */
async function use(signIn: SignInFile, newer: string | null = null): Promise<string> {
  return signIn.renew(async (token) => ({ newer, value: token }));
}

describe("the kept sign-in for Teams", () => {
  it("starts with the configured token and goes on with the newest, in a process started later too", async () => {
    const path = join(dir, "a", "larkfield.teams.json");
    expect(await use(new SignInFile(path, configured("first")), "second")).toBe("first");
    expect(await use(new SignInFile(path, configured("first")), "third")).toBe("second");
    expect(await use(new SignInFile(path, configured("first")))).toBe("third");
  });

  it("lies in a file that only its owner reads, with the configured token as a hash", async () => {
    const path = join(dir, "b", "larkfield.teams.json");
    await use(new SignInFile(path, configured("configured one")), "second");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, "utf8")).not.toContain("configured one");
  });

  it("gives way to a token that was configured anew", async () => {
    const path = join(dir, "c", "larkfield.teams.json");
    await use(new SignInFile(path, configured("first")), "second");
    expect(await use(new SignInFile(path, configured("put anew")), "fourth")).toBe("put anew");
    expect(await use(new SignInFile(path, configured("put anew")))).toBe("fourth");
  });

  it("of teams-login counts before a configured token, and without any", async () => {
    const path = join(dir, "d", "larkfield.teams.json");
    await new SignInFile(path, configured("first")).keep("signed in");
    expect(await use(new SignInFile(path, configured("first")))).toBe("signed in");
    const alone = join(dir, "e", "larkfield.teams.json");
    await new SignInFile(alone, configured(null)).keep("signed in");
    expect(await use(new SignInFile(alone, configured(null)))).toBe("signed in");
  });

  it("keeps what it had when its use fails", async () => {
    const path = join(dir, "f", "larkfield.teams.json");
    const signIn = new SignInFile(path, configured("first"));
    await use(signIn, "second");
    const failed = signIn.renew(() => Promise.reject(new RangeError("no answer")));
    await expect(failed).rejects.toThrow("no answer");
    expect(await use(signIn)).toBe("second");
  });

  it("lets a caller go who gives up while another one renews it", async () => {
    const path = join(dir, "i", "larkfield.teams.json");
    const renewed = Promise.withResolvers<{ newer: null; value: null }>();
    const begun = Promise.withResolvers<void>();
    const renewing = new SignInFile(path, configured("first")).renew(() => {
      begun.resolve();
      return renewed.promise;
    });
    await begun.promise;
    const refreshTokens = new SignInFile(path, configured("first"));
    const tokens = new DelegatedTokens({ cloud: "global", tenantId: "t", clientId: "c", refreshTokens });
    const caller = new AbortController();
    const asked = tokens.token("https://graph.microsoft.com/.default", { signal: caller.signal });
    caller.abort();
    await expect(asked).rejects.toMatchObject({ code: "ERR_CANCELLED" });
    renewed.resolve({ newer: null, value: null });
    await renewing;
  });

  it("says to sign in where nobody is, and where the file is garbage", async () => {
    const path = join(dir, "g", "larkfield.teams.json");
    await expect(use(new SignInFile(path, configured(null)))).rejects.toMatchObject({
      code: "ERR_CONFIGURATION",
      message: "Nobody is signed in for Teams.",
      nextStep: expect.stringContaining("mfa-rollout teams-login"),
    });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '{"version":1,"tok');
    await expect(use(new SignInFile(path, configured("first")))).rejects.toThrow("cannot be read");
  });

  it("loses none of what two processes keep at the same time", { timeout: 60_000 }, async () => {
    const path = join(dir, "h", "larkfield.teams.json");
    const run = promisify(execFile);
    await Promise.all([1, 2].map(() => run(process.execPath, [program, path, "40"])));
    expect(await use(new SignInFile(path, configured("0")))).toBe("80");
  });
});
