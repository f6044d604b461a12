import { userInfo } from "node:os";
import { compose } from "../compose.ts";
import type { Settings } from "../config/environment.ts";
import { jsonLogger } from "../server/json-logger.ts";
import type { PassParts } from "./access-pass.ts";
import { openFor } from "./access-pass.ts";
import { askPassphrase } from "./ask-passphrase.ts";

/** Wires the commands for people. What they record is marked as done by the person logged in here. */
export function humanParts(settings: Settings, print: (line: string) => void): PassParts {
  const logger = jsonLogger((line) => void process.stderr.write(line));
  const workshop = compose(settings, { logger, actor: `person:${userInfo().username}` });
  return {
    store: workshop.store,
    documents: workshop.documents,
    clock: workshop.clock,
    keys: settings.keys,
    print,
    askPassphrase: (prompt) => askPassphrase(prompt, settings.passphraseFile),
    desk: async (customer) => (await workshop.customer(customer)).desk,
    open: (rollout) => openFor(workshop, rollout),
  };
}
