import type { VendorFactory } from "./core/vendor.ts";
import { bamboohr } from "./vendors/bamboohr/bamboohr.ts";
import { bigquery } from "./vendors/bigquery/bigquery.ts";
import { connectwise } from "./vendors/connectwise/connectwise.ts";
import { gmail } from "./vendors/gmail/gmail.ts";
import { googleLogin } from "./vendors/google-login/google-login.ts";
import { graph } from "./vendors/graph/graph.ts";
import { looker } from "./vendors/looker/looker.ts";
import { microsoftLogin } from "./vendors/microsoft-login/microsoft-login.ts";
import { powerBi } from "./vendors/power-bi/power-bi.ts";
import { workday } from "./vendors/workday/workday.ts";

/** Every vendor of the box. */
export const allVendors: readonly VendorFactory[] = [
  microsoftLogin,
  graph,
  googleLogin,
  gmail,
  bamboohr,
  workday,
  connectwise,
  powerBi,
  bigquery,
  looker,
];
