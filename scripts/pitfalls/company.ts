import { tryCompany } from "./try-company.ts";

/** Tries one company, whose pitfalls are the arguments, and prints the outcome as one line of JSON. */
process.stdout.write(`${JSON.stringify(await tryCompany(process.argv.slice(2)))}\n`);
