import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { stringify } from "yaml";
import { isSlug, parseCustomerFile } from "../../config/customer-file.ts";
import type { Settings } from "../../config/environment.ts";
import { ConfigurationError, InputError, StateError } from "../../errors.ts";
import { Answers } from "./answers.ts";
import { PersonRespondent } from "./at-terminal.ts";
import { customerForm } from "./form.ts";
import { Given, OptionsRespondent } from "./given.ts";
import { Interview } from "./interview.ts";
import { nextSteps } from "./next-steps.ts";

export interface InitOptions {
  readonly customer: string;
  /** `path=value` each. */
  readonly set: readonly string[];
  /** Ask nobody; take what is given and what is usual. */
  readonly yes: boolean;
  readonly overwrite: boolean;
}

/**
 * `mfa-rollout init CUSTOMER`: asks for what a customer's file needs, writes it, and says what is left to do. No secret is
 * asked for or written, only where it will be.
 *
 * @throws {StateError} the customer has a file, and nobody said to overwrite it. {InputError} an option lacks or is wrong.
 */
export async function init(
  { home }: Pick<Settings, "home">,
  options: InitOptions,
  print: (line: string) => void,
): Promise<number> {
  const { customer, overwrite } = options;
  if (!isSlug(customer)) {
    throw new InputError("A customer's short name has small letters, digits and hyphens only.", {
      nextStep: "Choose one such as larkfield; it names the file and every rollout.",
    });
  }
  const path = join(home, "customers", `${customer}.yaml`);
  if (!overwrite && (await stat(path).catch(() => null)) !== null) throw taken(path);
  const secrets = join(home, "secrets", customer);
  const suggest = (setting: string): string => `file:${join(secrets, setting.replaceAll(".", "-"))}`;
  const answers = new Answers();
  await collect({ answers, suggest }, options, print);

  const text = `# Every setting: docs/reference/configuration.md. Secrets are references, never values.\n${stringify(answers.file)}`;
  const file = parseCustomerFile(text, path);
  await write({ path, text, secrets, overwrite });
  for (const line of await nextSteps({ customer, path, file, home })) print(line);
  return 0;
}

async function collect(
  { answers, suggest }: { readonly answers: Answers; readonly suggest: (path: string) => string },
  { set, yes }: InitOptions,
  print: (line: string) => void,
): Promise<void> {
  const given = new Given(set);
  if (yes) {
    const respondent = new OptionsRespondent(given);
    await new Interview({ answers, respondent, suggest }).fill(customerForm());
    respondent.refuseGaps();
    return;
  }
  if (!process.stdin.isTTY) {
    throw new InputError("There is no terminal to ask at.", {
      nextStep: "Give every setting with --set and add --yes; with --yes alone the missing ones are listed.",
    });
  }
  print("Enter takes what stands in brackets. Ctrl-C ends this, and nothing is written.");
  using respondent = new PersonRespondent(given, print);
  await new Interview({ answers, respondent, suggest }).fill(customerForm());
  for (const path of given.unused()) print(`Left out, because the kinds chosen have no such setting: ${path}`);
}

async function write(file: {
  readonly path: string;
  readonly text: string;
  readonly secrets: string;
  readonly overwrite: boolean;
}): Promise<void> {
  const { path, text, secrets, overwrite } = file;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await mkdir(secrets, { recursive: true, mode: 0o700 });
    if (overwrite) await writeFileAtomic(path, text, { mode: 0o600 });
    // Somebody may have made it while the questions were answered.
    else await writeFile(path, text, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") throw taken(path);
    throw new ConfigurationError(`${path} cannot be written.`, {
      nextStep: "Check free space and permissions of the data directory (MFA_ROLLOUT_HOME), then start again.",
      cause,
    });
  }
}

const taken = (path: string): StateError =>
  new StateError(`${path} is there already, and was left as it is.`, {
    nextStep: "Edit it, choose another short name, or say --overwrite.",
  });
