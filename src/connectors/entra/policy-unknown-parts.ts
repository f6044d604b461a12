/** Says whether what stands at this path is expressed by our model in full. */
type Expressed = (value: unknown, parent: Readonly<Record<string, unknown>>) => boolean;

const always: Expressed = () => true;
const onlyWords =
  (...words: readonly string[]): Expressed =>
  (value) =>
    Array.isArray(value) && value.every((item) => words.includes(String(item)));
const onlyIds: Expressed = (value) =>
  Array.isArray(value) && value.every((item) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(item)));

/** Everything that CaPolicy and LivePolicy hold, by its path in Graph's JSON. */
const MODELLED: ReadonlyMap<string, Expressed> = new Map<string, Expressed>([
  ["id", always],
  ["displayName", always],
  ["description", always],
  ["state", always],
  ["createdDateTime", always],
  ["modifiedDateTime", always],
  // Which template it was made from says nothing about what it does.
  ["templateId", always],
  [
    "conditions.clientAppTypes",
    onlyWords("all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"),
  ],
  ["conditions.applications.includeApplications", always],
  ["conditions.applications.excludeApplications", always],
  ["conditions.users.includeUsers", onlyWords("All", "None")],
  ["conditions.users.excludeUsers", onlyIds],
  ["conditions.users.includeGroups", always],
  ["conditions.users.excludeGroups", always],
  ["conditions.users.excludeRoles", always],
  [
    "conditions.users.excludeGuestsOrExternalUsers.guestOrExternalUserTypes",
    (value, parent) => value === "serviceProvider" && isObject(parent.externalTenants),
  ],
  ["conditions.users.excludeGuestsOrExternalUsers.externalTenants.membershipKind", (value) => value === "enumerated"],
  ["conditions.users.excludeGuestsOrExternalUsers.externalTenants.members", always],
  // AND and OR differ only from two controls on.
  ["grantControls.operator", (value, parent) => value === "OR" || onlyOneControl(parent)],
  ["grantControls.builtInControls", onlyWords("mfa", "block")],
]);

/**
 * Paths of whatever a policy sets beyond our model, e.g. `conditions.locations` or `sessionControls.signInFrequency`.
 * Walks the whole JSON, so a setting that Microsoft adds next year is named too.
 */
export function unknownParts(policy: Readonly<Record<string, unknown>>): readonly string[] {
  return [...walk(policy, "")];
}

function* walk(parent: Readonly<Record<string, unknown>>, prefix: string): Generator<string> {
  for (const [key, value] of settings(parent)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const expressed = MODELLED.get(path);
    if (expressed !== undefined) {
      if (!expressed(value, parent)) yield path;
    } else if (isObject(value) && (prefix === "" || holdsModelled(path))) {
      yield* walk(value, path);
    } else {
      yield path;
    }
  }
}

const holdsModelled = (path: string): boolean => MODELLED.keys().some((known) => known.startsWith(`${path}.`));

/** Annotations (`@odata.type`, `authenticationStrength@odata.context`) describe; they set nothing. */
const settings = (object: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] =>
  Object.entries(object).filter(([key, value]) => !key.includes("@odata.") && isSet(value));

/** Graph writes what is not set as null, false, an empty list, or an object of such. */
function isSet(value: unknown): boolean {
  if (isObject(value)) return settings(value).length > 0;
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== false;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function onlyOneControl(grant: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(grant.builtInControls) && grant.builtInControls.length === 1;
}
