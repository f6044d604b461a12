import type { CloudName } from "../graph/clouds.ts";

/**
 * Where Power BI's REST API lives in each of Microsoft's clouds, and the scope of its tokens there.
 *
 * @see https://learn.microsoft.com/power-bi/developer/embedded/embed-sample-for-customers-national-clouds
 */
export const POWER_BI_CLOUDS = {
  global: { api: "https://api.powerbi.com", scope: "https://analysis.windows.net/powerbi/api/.default" },
  us_gov: {
    api: "https://api.high.powerbigov.us",
    scope: "https://high.analysis.usgovcloudapi.net/powerbi/api/.default",
  },
  us_dod: {
    api: "https://api.mil.powerbigov.us",
    scope: "https://mil.analysis.usgovcloudapi.net/powerbi/api/.default",
  },
  china: { api: "https://api.powerbi.cn", scope: "https://analysis.chinacloudapi.cn/powerbi/api/.default" },
} as const satisfies Record<CloudName, { readonly api: string; readonly scope: string }>;
