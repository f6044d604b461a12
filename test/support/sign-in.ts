import { dirname, join } from "node:path";
import { SignInFile } from "../../src/ledger/sign-in-file.ts";
import type { TestBox } from "./box.ts";

/** A kept sign-in that starts with the given refresh token; its file goes away with the box. */
export const signInIn = ({ sandbox }: Pick<TestBox, "sandbox">, refreshToken: string): SignInFile =>
  new SignInFile(join(dirname(sandbox.caFile), "sign-ins", "customer.json"), async () => refreshToken);
