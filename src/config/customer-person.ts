import { z } from "zod";

export const address = z.email();
export const person = z.strictObject({
  name: z.string().min(1).describe("Name"),
  address: address.describe("Mail address"),
});
