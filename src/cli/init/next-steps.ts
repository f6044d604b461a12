import { styleText } from "node:util";
import type { CustomerFile } from "../../config/customer-schema.ts";
import { permissionsNeeded } from "./permissions-needed.ts";

interface Written {
  readonly customer: string;
  readonly path: string;
  readonly file: CustomerFile;
  readonly home: string;
}

const bold = (text: string): string => styleText("bold", text, { stream: process.stdout });

/** What is left to do for people, in the order in which it has to be done. */
export async function nextSteps(written: Written): Promise<readonly string[]> {
  const { customer, path, file } = written;
  const { posting } = file.helpdesk;
  const steps = [
    ["Put each secret where the file says; never into the file itself", ...secretLines(file)],
    [
      "Add these to the app registration and have these granted, and no more",
      ...permissionsNeeded(file).flatMap(grantLines),
    ],
    [
      "Have an administrator of the tenant consent to the app",
      `  ${await consentLink(file)}`,
      "  The page that follows need not open; the consent is given by then.",
    ],
    ...(posting.kind === "delegated" && posting.refresh_token === undefined
      ? [["Sign in the person who posts to Teams", `  mfa-rollout teams-login ${customer}`]]
      : []),
    ["Look everything over; it says what to mend", `  mfa-rollout doctor ${customer}`],
  ];
  const numbered = steps.flatMap(([title = "", ...lines], index) => ["", bold(`${index + 1}. ${title}`), ...lines]);
  return ["", `Written: ${path} (for its owner only)`, ...numbered];
}

/** @see https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent */
async function consentLink({ tenant }: CustomerFile): Promise<string> {
  const { CLOUDS } = await import("../../connectors/graph/clouds.ts");
  return `${CLOUDS[tenant.cloud].authority}/${tenant.id}/adminconsent?client_id=${tenant.client_id}`;
}

function secretLines(file: CustomerFile): readonly string[] {
  const references = [...referencesIn(file, "")];
  if (references.length === 0) return ["  None: the workload's token is kept by its platform."];
  return references.flatMap(([setting, reference]) => {
    const place = reference.slice(reference.indexOf(":") + 1);
    const how = reference.startsWith("env:")
      ? `set ${place} in the environment of the process that serves, such as "env" in mcp.json`
      : `(umask 077; cat > ${quoted(place)})   # paste, Enter, Ctrl-D`;
    return [`  ${setting}`, `    ${how}`];
  });
}

/** The settings that point to a secret. */
function* referencesIn(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === "string" && /^(env:|file:\/)/.test(value)) yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) yield* referencesIn(part, path === "" ? name : `${path}.${name}`);
}

function grantLines({ who, permissions, how }: ReturnType<typeof permissionsNeeded>[number]): readonly string[] {
  const more = how === null ? [] : ["", ...how.split("\n").map((line) => `      ${line}`.trimEnd())];
  return [`  ${who}`, ...permissions.map((one) => `    ${one}`), ...more];
}

/** For a shell, where it needs it. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
