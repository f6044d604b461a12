import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/config/environment.ts";
import { ConfigurationError } from "../../src/errors.ts";

describe("readSettings", () => {
  it("takes what is set", () => {
    const environment = {
      MFA_ROLLOUT_HOME: "/data",
      MFA_ROLLOUT_CLOCK_URL: "http://127.0.0.1:9/clock",
      MFA_ROLLOUT_ANSWER_SECONDS: "2.5",
      MFA_ROLLOUT_KEYS: "/keys",
      MFA_ROLLOUT_PASSPHRASE_FILE: "/keys/passphrase",
    };
    expect(readSettings(environment)).toEqual({
      home: "/data",
      clockUrl: "http://127.0.0.1:9/clock",
      answerMs: 2_500,
      keys: "/keys",
      passphraseFile: "/keys/passphrase",
      environment,
    });
  });

  it("has a place for everything on a computer where nothing is set, the keys apart from the data", () => {
    const { home, keys, clockUrl, answerMs, passphraseFile } = readSettings({});
    expect(home).toMatch(/mfa-rollout/);
    expect(keys).toMatch(/mfa-rollout/);
    expect(keys.startsWith(home)).toBe(false);
    expect([clockUrl, answerMs, passphraseFile]).toEqual([null, null, null]);
  });

  it("names every variable that cannot be used and shows no value", () => {
    const environment = {
      MFA_ROLLOUT_HOME: "",
      MFA_ROLLOUT_CLOCK_URL: "half past nine",
      MFA_ROLLOUT_ANSWER_SECONDS: "0",
    };
    const failure = (() => {
      try {
        return readSettings(environment);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(String(failure)).toContain("MFA_ROLLOUT_HOME, MFA_ROLLOUT_CLOCK_URL, MFA_ROLLOUT_ANSWER_SECONDS");
    expect(String(failure)).not.toContain("half past nine");
  });
});
