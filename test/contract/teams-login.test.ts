import { describe, expect, it } from "vitest";
import { z } from "zod";
import { teamsLogin } from "../../src/cli/teams-login.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { microsoftLogin, microsoftLoginWith } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import type { PersonHabits } from "../../src/sandbox/vendors/microsoft-login/person-grants.ts";
import { examine } from "../support/examination.ts";
import { type Harness, startHarness } from "../support/harness.ts";

/** The office where nobody is signed in for Teams yet. */
async function office(habits: Partial<PersonHabits> = {}, cloud: "global" | "us_gov" = "global"): Promise<Harness> {
  const login = microsoftLoginWith(habits);
  const vendors = allVendors.map((vendor) => (vendor === microsoftLogin ? login : vendor));
  const harness = await startHarness({ vendors, cloud });
  await harness.editCustomer((file) => {
    const { posting, ...helpdesk } = Object(file.helpdesk);
    file.helpdesk = { ...helpdesk, posting: { kind: "delegated", client_id: posting.client_id } };
  });
  return harness;
}

/** Runs the command in the world's time, and says what it printed and how long it waited each time, in seconds. */
async function signIn({ settings, box }: Harness, { impatient = false } = {}) {
  const lines: string[] = [];
  const waits: number[] = [];
  const code = await teamsLogin(settings, {
    customer: "larkfield",
    print: (line) => void lines.push(line),
    wait: async (ms) => {
      waits.push(ms / 1000);
      // Whose clock is slow asks too soon by the service's.
      box.world.moveTo(box.world.now() + (impatient && waits.length <= 2 ? 1_000 : ms));
    },
  });
  return { code, text: lines.join("\n"), waits };
}

const Dump = z.object({ teams: z.object({ messages: z.array(z.unknown()) }) });

describe("teams-login", () => {
  it("signs the person in, after which messages are posted without another sign-in", async () => {
    await using harness = await office();
    const { code, text, waits } = await signIn(harness);
    expect(code).toBe(0);
    expect(waits).toEqual([5]);
    expect(text).toMatch(/open {2}https:\/\/microsoft\.com\/devicelogin .*\n {2}2\. type {2}[0-9A-F]{8}\n/);
    expect(text).toContain(`Signed in as ${harness.box.secrets.teams.user}.`);
    const rollout = await harness.start();
    await harness.call("reconcile_users", { rollout });
    await harness.withApproval("open_helpdesk_channel", { rollout });
    expect(Dump.parse(await harness.box.dump()).teams.messages).toHaveLength(1);
  });

  it("stays signed in for longer than one refresh token lasts, as long as it is used", async () => {
    await using harness = await office();
    await signIn(harness);
    for (let times = 0; times < 3; times += 1) {
      harness.advance(24 * 60);
      expect(await posted(harness)).toBe(true);
    }
    harness.advance(24 * 91);
    expect(await posted(harness)).toBe(false);
  });

  it("waits longer from then on when it was told to slow down", async () => {
    await using harness = await office();
    expect((await signIn(harness, { impatient: true })).waits).toEqual([5, 5, 10]);
  });

  it.each([
    ["stays_away", "The code was not typed in time."],
    ["declines", "The sign-in was declined in the browser."],
  ] as const)("keeps nothing when the person %s", async (atDeviceLogin, message) => {
    await using harness = await office({ atDeviceLogin });
    await expect(signIn(harness)).rejects.toMatchObject({ code: "ERR_CONNECTOR_AUTHENTICATION", message });
    expect(await posted(harness)).toBe(false);
  });

  it("goes on waiting through faults of the sign-in service", async () => {
    await using harness = await office();
    await harness.box.fail(
      { vendor: "microsoft-login", path: "/oauth2/v2.0/token", kind: "status", status: 503, times: 1 },
      { vendor: "microsoft-login", path: "/oauth2/v2.0/token", kind: "lost_request", times: 1 },
    );
    expect((await signIn(harness)).waits).toEqual([5, 5, 5]);
  });

  it("keeps nothing of a sign-in that lacks what posting needs, and says who has to consent", async () => {
    await using harness = await office({ consented: ["ChannelMessage.Send", "User.Read"] });
    await expect(signIn(harness)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: "The sign-in lacks the delegated permission ChannelMessage.Read.All.",
      nextStep: expect.stringContaining("have an administrator consent"),
    });
    expect(await posted(harness)).toBe(false);
  });

  it("sends the person to the page of the tenant's cloud", async () => {
    await using harness = await office({}, "us_gov");
    expect((await signIn(harness)).text).toContain("https://microsoft.com/deviceloginus");
  });

  it("has nobody to sign in where messages go through a workflow", async () => {
    await using harness = await office();
    await harness.editCustomer((file) => {
      file.helpdesk = { ...Object(file.helpdesk), posting: { kind: "workflow", url: "env:FLOW" } };
    });
    await expect(signIn(harness)).rejects.toMatchObject({ code: "ERR_INPUT" });
  });
});

/** Whether the person's sign-in serves, asked as doctor asks. */
async function posted(harness: Harness): Promise<boolean> {
  const { findings } = await examine(harness);
  return findings.some(({ text }) => text.startsWith("The person who posts is signed in"));
}
