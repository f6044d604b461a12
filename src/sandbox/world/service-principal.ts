import type { World } from "./world.ts";

/** Object id of our app in the customer's tenant: `oid` of its tokens, and its name among a workspace's members. */
export const servicePrincipalOf = (world: World): string => world.guid("service principal of the app");
