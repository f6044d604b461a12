import { clockOf } from "../../config/clock.ts";
import { parseCustomerFile, readCustomerFile } from "../../config/customer-file.ts";
import type { Settings } from "../../config/environment.ts";
import { connectVendors } from "../../connect-vendors.ts";
import { asText } from "./as-text.ts";
import { examine, longestLookMs } from "./examine.ts";
import { hearThrottling } from "./hear-throttling.ts";

/**
 * `mfa-rollout doctor CUSTOMER`: looks at every system of a customer, at the same time, and changes nothing there.
 *
 * @returns 1 when something has to be mended. @throws {NotFoundError} {ConfigurationError} no such customer, or its file is wrong.
 */
export async function doctor(
  settings: Settings,
  { customer, json }: { readonly customer: string; readonly json: boolean },
  print: (line: string) => void,
): Promise<number> {
  const file = parseCustomerFile(await readCustomerFile(settings.home, customer), `customers/${customer}.yaml`);
  const connect = connectVendors({ slug: customer, file }, settings);
  const clock = clockOf(settings);
  using throttling = await hearThrottling();
  const systems = await examine(
    [
      { name: "clock", open: connect.clock },
      { name: "tenant", open: connect.tenant },
      { name: "hr", open: connect.hr },
      { name: "mail", open: connect.mailer },
      { name: "helpdesk", open: connect.helpdeskChannel },
      { name: "service_desk", open: connect.serviceDesk },
      { name: "dashboard", open: connect.dashboard },
    ],
    {
      now: await clock.now(),
      signal: new AbortController().signal,
      longestMs: await longestLookMs(settings.answerMs),
    },
  );
  const examined = [...systems, throttling.examined()];
  const wrong = examined.flatMap(({ findings }) => findings.filter(({ state }) => state === "wrong")).length;
  print(json ? JSON.stringify({ customer, wrong, systems: examined }, null, 2) : asText(examined, wrong));
  return wrong === 0 ? 0 : 1;
}
