/**
 * A process that uses a kept sign-in, for tests: `node sign-in-process.ts <file> <times>`. Each use reads a number and
 * keeps the next, with a pause in between, as a call of the sign-in service takes one.
 */
import { setTimeout as pause } from "node:timers/promises";
import { SignInFile } from "../../src/ledger/sign-in-file.ts";

const [path = "", times = "0"] = process.argv.slice(2);
const signIn = new SignInFile(path, async () => "0");
for (let n = 0; n < Number(times); n++) {
  await signIn.renew(async (token) => {
    await pause(2);
    return { newer: String(Number(token) + 1), value: null };
  });
}
