import type { Route } from "../../core/vendor.ts";
import { noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { paced } from "./policies.ts";
import type { Json } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const PATH = "/v1.0/identity/conditionalAccess/templates";

/** Microsoft's templates. Their details hold placeholder text, so none can be posted as it stands. */
export function policyTemplateRoutes(tenant: Tenant): readonly Route[] {
  const access = { app: [["Policy.Read.All"]] };
  return [
    // learn.microsoft.com/graph/api/conditionalaccessroot-list-templates
    { method: "GET", path: PATH, access, handle: paced(tenant, () => ({ status: 200, body: { value: TEMPLATES } })) },
    // learn.microsoft.com/graph/api/conditionalaccesstemplate-get
    {
      method: "GET",
      path: `${PATH}/:id`,
      access,
      handle: paced(tenant, (_request, { id = "" }) => {
        const found = TEMPLATES.find((template) => template.id === id);
        return found === undefined ? noSuchObject(id) : { status: 200, body: found };
      }),
    },
  ].map((route) => guarded(tenant, route));
}

function template(
  id: string,
  name: string,
  details: { clients: readonly string[]; control: string; users: Json },
): Json {
  return {
    id,
    name,
    description: name,
    scenarios: "secureFoundation,zeroTrust,protectAdmins,remoteWork",
    details: {
      sessionControls: null,
      conditions: {
        userRiskLevels: [],
        signInRiskLevels: [],
        clientAppTypes: details.clients,
        platforms: null,
        locations: null,
        devices: null,
        clientApplications: null,
        applications: {
          includeApplications: ["All"],
          excludeApplications: [],
          includeUserActions: [],
          includeAuthenticationContextClassReferences: [],
        },
        users: {
          includeUsers: [],
          excludeUsers: ["Current administrator will be excluded"],
          includeGroups: [],
          excludeGroups: [],
          includeRoles: [],
          excludeRoles: [],
          ...details.users,
        },
      },
      grantControls: {
        operator: "OR",
        builtInControls: [details.control],
        customAuthenticationFactors: [],
        termsOfUse: [],
      },
    },
  };
}

const TEMPLATES: readonly Json[] = [
  template("c7503427-338e-4c5e-902d-abe252abfb43", "Require multifactor authentication for admins", {
    clients: ["all"],
    control: "mfa",
    users: { includeRoles: ["62e90394-69f5-4237-9190-012177145e10"] },
  }),
  template("0b2282f9-2862-4178-88b5-d79340b36cb8", "Block legacy authentication", {
    clients: ["exchangeActiveSync", "other"],
    control: "block",
    users: { includeUsers: ["All"] },
  }),
  template("a3d0a415-b068-4326-9251-f9cdf9feeb64", "Require multifactor authentication for all users", {
    clients: ["all"],
    control: "mfa",
    users: { includeUsers: ["All"], excludeRoles: ["d29b2b05-8046-44ba-8758-1e26182fcf32"] },
  }),
];
