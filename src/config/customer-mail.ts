import { z } from "zod";
import { address, person } from "./customer-person.ts";
import { secretReference } from "./secret.ts";

const sender = person.describe("The mailbox that sends");

export const Gmail = z.strictObject({
  kind: z.literal("gmail"),
  sender,
  client_email: address.describe("Service account with domain-wide delegation"),
  private_key: secretReference.describe("Its key, PEM"),
});

/** Signs in as the app registration of `tenant`. */
export const Outlook = z.strictObject({ kind: z.literal("outlook"), sender });
