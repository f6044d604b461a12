import { z } from "zod";
import { secretReference } from "./secret.ts";

/** Each is another way to prove that we are the app; an app has one. */
const CREDENTIALS = ["client_secret", "certificate", "workload_token_file"] as const;

/**
 * The app signs in as itself, with permissions that an administrator of the tenant has consented to: an app registered
 * there, or one that the MSP offers to many tenants of the same cloud.
 */
export const Tenant = z
  .strictObject({
    id: z.guid().describe("Entra tenant id"),
    cloud: z
      .enum(["global", "us_gov", "us_dod", "china"])
      .default("global")
      .describe("Microsoft's cloud: global (GCC too), us_gov (GCC High), us_dod (DoD) or china (21Vianet)"),
    client_id: z.guid().describe("App registration of that cloud, in this tenant or multi-tenant in the MSP's"),
    client_secret: secretReference
      .optional()
      .describe("The app's client secret; or a certificate, or workload_token_file"),
    certificate: secretReference
      .optional()
      .describe("The app's certificate with its private key (RSA), as one PEM text"),
    workload_token_file: z
      .string()
      .regex(/^\//, "must be an absolute path")
      .optional()
      .describe("File that a workload platform keeps filled with a token that the app's federated credential trusts"),
  })
  .refine((tenant) => CREDENTIALS.filter((name) => tenant[name] !== undefined).length === 1, {
    error: `needs exactly one of ${CREDENTIALS.join(", ")}`,
  });
