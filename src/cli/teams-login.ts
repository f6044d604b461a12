import { setTimeout as pause } from "node:timers/promises";
import { parseCustomerFile, readCustomerFile } from "../config/customer-file.ts";
import type { Settings } from "../config/environment.ts";
import { resolveSecret } from "../config/secret.ts";
import { InputError } from "../errors.ts";
import { keptSignIn } from "../kept-sign-in.ts";

/**
 * `mfa-rollout teams-login CUSTOMER`: signs in the person in whose name messages are posted, by a code that they type in a
 * browser, and keeps the sign-in. Nothing is kept unless all that posting needs was granted.
 *
 * @param means.wait - Waits for as many milliseconds; in real time unless told.
 */
export async function teamsLogin(
  settings: Settings,
  {
    customer,
    print,
    wait = waitInRealTime,
  }: {
    readonly customer: string;
    readonly print: (line: string) => void;
    readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  },
): Promise<number> {
  const { home, environment, answerMs } = settings;
  const { tenant, helpdesk } = parseCustomerFile(await readCustomerFile(home, customer), `customers/${customer}.yaml`);
  const { posting } = helpdesk;
  if (posting.kind !== "delegated") {
    throw new InputError("This customer's messages go through a Teams workflow, so nobody signs in.", {
      nextStep: "Set helpdesk.posting to kind delegated with a client_id first, if a person shall post instead.",
    });
  }
  const signIn = await keptSignIn({ home, slug: customer, posting }, async (reference, where) =>
    (await resolveSecret(reference, where, environment)).reveal(),
  );
  const { deviceLogin } = await import("../connectors/teams/device-login.ts");
  const person = await deviceLogin(
    {
      cloud: tenant.cloud,
      tenantId: tenant.id,
      clientId: posting.client_id,
      ...(answerMs !== null && { timeoutMs: answerMs }),
    },
    {
      show: ({ page, code, minutes }) => {
        print("Sign in as the person who posts, a member of the customer's team:");
        print(`  1. open  ${page}  in any browser`);
        print(`  2. type  ${code}`);
        print(`Waiting. The code is good for ${minutes} minutes; Ctrl-C ends this and changes nothing.`);
      },
      wait,
      signal: new AbortController().signal,
    },
  );
  await signIn.keep(person.refreshToken);
  print(
    `Signed in${person.name === null ? "" : ` as ${person.name}`}. The sign-in is kept in the data directory and renews itself.`,
  );
  print(`Check it with: mfa-rollout doctor ${customer}`);
  return 0;
}

const waitInRealTime = (ms: number, signal: AbortSignal): Promise<void> => pause(ms, undefined, { signal });
