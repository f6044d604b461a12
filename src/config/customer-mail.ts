import { z } from "zod";
import { address, person } from "./customer-person.ts";
import { secretReference } from "./secret.ts";

const sender = person.describe("The mailbox that sends");

const dailyLimit = (most: number) => z.number().int().min(1).max(most).optional();

export const Gmail = z.strictObject({
  kind: z.literal("gmail"),
  sender,
  client_email: address.describe("Service account with domain-wide delegation"),
  private_key: secretReference.describe("Its key, PEM"),
  daily_limit: dailyLimit(2_000).describe(
    "Mails that go out in any 24 hours; 2000 unless told. Lower it for a trial account or a mailbox that others use",
  ),
});

/** Signs in as the app registration of `tenant`. */
export const Outlook = z.strictObject({
  kind: z.literal("outlook"),
  sender,
  daily_limit: dailyLimit(5_000).describe(
    "Mails that go out in any 24 hours; 5000 unless told. Lower it for a mailbox that others use",
  ),
});
