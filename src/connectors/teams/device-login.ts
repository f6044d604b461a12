import { z } from "zod";
import { ConnectorAuthenticationError, ConnectorPermissionError, type RolloutError } from "../../errors.ts";
import { CLOUDS, type CloudName } from "../graph/clouds.ts";
import { exchange, type Outcome } from "../http/exchange.ts";
import { ANSWER_MS, cancelled } from "../http/pause.ts";
import { VendorErrors } from "../http/vendor-errors.ts";
import { POSTING } from "./refresh-tokens.ts";

export interface DeviceLoginOptions {
  readonly cloud: CloudName;
  readonly tenantId: string;
  /** Of a public client: such an app holds no secret. */
  readonly clientId: string;
  readonly timeoutMs?: number;
}

/** What a person does now: open the page, type the code. */
export interface DevicePrompt {
  readonly page: string;
  readonly code: string;
  readonly minutes: number;
}

interface Person {
  /** What the person signs in with; `null` where the answer does not say it. */
  readonly name: string | null;
  readonly refreshToken: string;
}

interface Means {
  readonly show: (prompt: DevicePrompt) => void;
  /** Waits for as many milliseconds. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

const Started = z.object({
  user_code: z.string().min(1),
  device_code: z.string().min(1),
  verification_uri: z.url({ protocol: /^https$/ }),
  expires_in: z.number().positive(),
  interval: z.number().positive().default(5),
});
const Granted = z.object({
  refresh_token: z.string().min(1),
  scope: z.string(),
  id_token: z.string().optional(),
});
const Refused = z.object({ error: z.string(), error_codes: z.array(z.number()).default([]) });
const Claims = z.object({ tid: z.string(), preferred_username: z.string().optional() });

const SECOND_MS = 1_000;
/** RFC 8628, 3.5: after `slow_down` the interval is this much longer, from then on. */
const SLOWER_BY_MS = 5 * SECOND_MS;

/**
 * Signs a person in by a code that they type in a browser anywhere (RFC 8628), for posting in their name.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 * @throws {ConnectorAuthenticationError} declined, not done in time, or the app is not let in.
 * @throws {ConnectorPermissionError} signed in without what posting needs.
 */
export async function deviceLogin(options: DeviceLoginOptions, { show, wait, signal }: Means): Promise<Person> {
  const scope = [...POSTING.map((name) => `${CLOUDS[options.cloud].graph}/${name}`), "openid profile offline_access"];
  const { tenantId, clientId } = options;
  const ask = (path: string, form: Readonly<Record<string, string>>): Promise<Outcome> =>
    post(options, { path: `/${encodeURIComponent(tenantId)}/oauth2/v2.0/${path}`, form, signal });
  const started = parse(Started, await ask("devicecode", { client_id: clientId, scope: scope.join(" ") }), clientId);
  const { user_code, device_code, verification_uri, expires_in } = started;
  show({ page: verification_uri, code: user_code, minutes: Math.floor(expires_in / 60) });

  const grant = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: clientId, device_code };
  let intervalMs = started.interval * SECOND_MS;
  for (let passedMs = 0; passedMs < expires_in * SECOND_MS; ) {
    await wait(intervalMs, signal);
    const asked = performance.now();
    const outcome = await ask("token", grant);
    passedMs += intervalMs + performance.now() - asked; // An answer may keep us waiting for longer than the pause.
    if (signal.aborted) throw cancelled();
    // A lost connection or a fault of the service's says nothing of the person: they may still be typing.
    if (outcome.kind !== "answer" || outcome.status >= 500 || outcome.status === 429) continue;
    const refused = Refused.safeParse(json(outcome.text));
    if (refused.data?.error === "authorization_pending") continue;
    if (refused.data?.error === "slow_down") {
      intervalMs += SLOWER_BY_MS;
      continue;
    }
    return person(parse(Granted, outcome, clientId), options);
  }
  throw tooLate();
}

function post(
  { cloud, timeoutMs = ANSWER_MS }: DeviceLoginOptions,
  {
    path,
    form,
    signal,
  }: { readonly path: string; readonly form: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<Outcome> {
  return exchange({
    method: "POST",
    url: new URL(path, CLOUDS[cloud].authority),
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    body: new URLSearchParams(form).toString(),
    timeoutMs,
    signal,
  });
}

function parse<T>(schema: z.ZodType<T>, outcome: Outcome, clientId: string): T {
  const errors = new VendorErrors("Microsoft Entra ID");
  if (outcome.kind !== "answer" || outcome.status >= 500) throw errors.unavailable();
  const body = json(outcome.text);
  const refused = Refused.safeParse(body);
  if (refused.success) throw refusal(refused.data, clientId);
  const read = schema.safeParse(body);
  if (!read.success) throw errors.contract("of another form than a sign-in's");
  return read.data;
}

/** The token is read for whom it names and where from; Microsoft's answer came over TLS, so its signature is not asked. */
function person(
  { refresh_token, scope, id_token = "" }: z.output<typeof Granted>,
  { tenantId }: DeviceLoginOptions,
): Person {
  const claims = Claims.safeParse(json(Buffer.from(id_token.split(".")[1] ?? "", "base64url").toString("utf8")));
  if (claims.success && claims.data.tid.toLowerCase() !== tenantId.toLowerCase()) {
    throw new ConnectorAuthenticationError("That person is signed in to another tenant.", {
      nextStep: "Run the command again and sign in as a person of the customer's tenant.",
    });
  }
  const held = scope.split(" ").map((name) => name.slice(name.lastIndexOf("/") + 1));
  const missing = POSTING.filter((name) => !held.includes(name));
  if (missing.length > 0) {
    throw new ConnectorPermissionError(`The sign-in lacks the delegated permission ${missing.join(" and ")}.`, {
      nextStep:
        "Add it to the app of helpdesk.posting.client_id and have an administrator consent, then sign in again.",
    });
  }
  return { name: claims.data?.preferred_username ?? null, refreshToken: refresh_token };
}

/** AADSTS numbers that say what is wrong with the app rather than with the person. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [700016, "Correct helpdesk.posting.client_id: the tenant has no such app."],
  [7000218, "Allow public client flows in the app registration of helpdesk.posting.client_id."],
  [90002, "Correct tenant.id or tenant.cloud in the customer's file: this cloud has no such tenant."],
  [65001, "Have an administrator consent to the app of helpdesk.posting.client_id."],
  [
    53003,
    "A Conditional Access policy forbids this sign-in, such as one that blocks device codes: sign in where it is allowed.",
  ],
  [50199, "Confirm the sign-in on the page that asks for it, then run the command again."],
]);

function refusal({ error, error_codes }: z.output<typeof Refused>, clientId: string): RolloutError {
  if (error === "expired_token") return tooLate();
  if (error === "authorization_declined" || error === "access_denied") {
    return new ConnectorAuthenticationError("The sign-in was declined in the browser.", {
      nextStep: "Run the command again and accept it as the person who posts.",
    });
  }
  const remedy = error_codes.map((code) => REMEDIES.get(code)).find((one) => one !== undefined);
  return new ConnectorAuthenticationError("Microsoft Entra ID did not let the person sign in for Teams.", {
    nextStep: remedy ?? `Have the app registration ${clientId} looked at by an administrator of the tenant.`,
    details: { vendor: "Microsoft Entra ID", aadsts: error_codes[0] ?? null },
  });
}

const tooLate = (): RolloutError =>
  new ConnectorAuthenticationError("The code was not typed in time.", {
    nextStep: "Run the command again; it gives a new code.",
  });

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
