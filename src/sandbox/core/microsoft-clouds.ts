/** One of Microsoft's clouds: where its services answer, and what their tokens are for. */
export interface MicrosoftCloud {
  /** Hosts of the sign-in service; the first is the one that Microsoft documents. */
  readonly login: readonly [string, ...string[]];
  /** Origin of Graph, which is also the audience of its tokens. */
  readonly graph: string;
  readonly powerBi: { readonly api: string; readonly audience: string };
  /** What the sign-in service calls itself in its metadata. */
  readonly instance: string;
  /** Audience of a workload's token that is exchanged for one of Entra. */
  readonly tokenExchange: string;
  /** Where a person types the code of a device sign-in. */
  readonly deviceLogin: string;
}

/**
 * @see learn.microsoft.com/graph/deployments
 * @see learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 * @see learn.microsoft.com/power-bi/developer/embedded/embed-sample-for-customers-national-clouds
 */
export const MICROSOFT_CLOUDS = {
  global: {
    login: ["login.microsoftonline.com"],
    graph: "https://graph.microsoft.com",
    powerBi: { api: "api.powerbi.com", audience: "https://analysis.windows.net/powerbi/api" },
    instance: "microsoftonline.com",
    tokenExchange: "api://AzureADTokenExchange",
    deviceLogin: "https://microsoft.com/devicelogin",
  },
  us_gov: {
    login: ["login.microsoftonline.us"],
    graph: "https://graph.microsoft.us",
    powerBi: { api: "api.high.powerbigov.us", audience: "https://high.analysis.usgovcloudapi.net/powerbi/api" },
    instance: "microsoftonline.us",
    tokenExchange: "api://AzureADTokenExchangeUSGov",
    deviceLogin: "https://microsoft.com/deviceloginus",
  },
  us_dod: {
    login: ["login.microsoftonline.us"],
    graph: "https://dod-graph.microsoft.us",
    powerBi: { api: "api.mil.powerbigov.us", audience: "https://mil.analysis.usgovcloudapi.net/powerbi/api" },
    instance: "microsoftonline.us",
    tokenExchange: "api://AzureADTokenExchangeUSGov",
    deviceLogin: "https://microsoft.com/deviceloginus",
  },
  china: {
    // The second is the same service, to which Microsoft's own libraries turn.
    login: ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
    graph: "https://microsoftgraph.chinacloudapi.cn",
    powerBi: { api: "api.powerbi.cn", audience: "https://analysis.chinacloudapi.cn/powerbi/api" },
    instance: "partner.microsoftonline.cn",
    tokenExchange: "api://AzureADTokenExchangeChina",
    deviceLogin: "https://microsoft.com/deviceloginchina",
  },
} as const satisfies Record<string, MicrosoftCloud>;

export type MicrosoftCloudName = keyof typeof MICROSOFT_CLOUDS;

/** One service's hosts in every cloud: they all answer, but the tenant is known in its own cloud only. */
export const hostsOf = (service: (cloud: MicrosoftCloud) => readonly string[]): readonly string[] => [
  ...new Set(Object.values(MICROSOFT_CLOUDS).flatMap(service)),
];
