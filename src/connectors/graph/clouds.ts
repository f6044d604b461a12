/** Microsoft's clouds. GCC is part of `global`; `us_gov` is GCC High, `us_dod` is DoD, `china` is run by 21Vianet. */
export type CloudName = keyof typeof CLOUDS;

export interface Cloud {
  /** Origin of Microsoft Graph; `<graph>/.default` is the scope of its tokens. */
  readonly graph: string;
  /** Origin of the sign-in service. */
  readonly authority: string;
}

/**
 * Tokens of one cloud mean nothing in another, and each needs its own app registration.
 *
 * @see https://learn.microsoft.com/graph/deployments
 */
export const CLOUDS = {
  global: { graph: "https://graph.microsoft.com", authority: "https://login.microsoftonline.com" },
  us_gov: { graph: "https://graph.microsoft.us", authority: "https://login.microsoftonline.us" },
  us_dod: { graph: "https://dod-graph.microsoft.us", authority: "https://login.microsoftonline.us" },
  china: { graph: "https://microsoftgraph.chinacloudapi.cn", authority: "https://login.chinacloudapi.cn" },
} as const satisfies Record<string, Cloud>;
