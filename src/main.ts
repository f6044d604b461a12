#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { Command, Option } from "commander";
import { COMPILE_CACHE } from "./config/compile-cache.ts";
import type { Settings } from "./config/environment.ts";
import { RolloutError } from "./errors.ts";

// Whatever is imported above is compiled before, so the rest is imported when a command needs it.
enableCompileCache(COMPILE_CACHE);

/** The version hosts and people see. */
const VERSION = "0.1.0";

const program = new Command("mfa-rollout")
  .description("Takes an MSP's customer to enforced MFA: an MCP server, and the commands for the people who decide.")
  .version(VERSION);

program
  .command("serve")
  .description("serve MCP over stdio, or over Streamable HTTP with --http")
  .option("--http", "serve Streamable HTTP on loopback instead of stdio")
  .option("--port <number>", "port for --http", "3920")
  .action((options: { http?: boolean; port: string }) =>
    exiting(async () => {
      const { serve } = await import("./cli/serve.ts");
      await serve(await settings(), {
        version: VERSION,
        httpPort: options.http === true ? Number(options.port) : null,
      });
      return 0;
    }),
  );

program
  .command("approvals")
  .description("list the plans that wait for a signature")
  .option("--full", "show every line of every plan")
  .action((options: { full?: boolean }) =>
    human(async (parts) => (await import("./cli/approvals.ts")).listApprovals(parts, { full: options.full === true })),
  );

program
  .command("approve <plan>")
  .description("show a plan in full and sign it")
  .requiredOption("--as <name>", "approver who signs")
  .option("--standing", "sign a standing approval for this plan's tool and texts")
  .option("--max <number>", "with --standing: changes at most")
  .option("--until <day>", "with --standing: last day, YYYY-MM-DD")
  .action((id: string, options: { as: string; standing?: boolean; max?: string; until?: string }) =>
    human(async (parts) => {
      const { approve } = await import("./cli/approve.ts");
      const standing = { max: Number(options.max ?? Number.NaN), until: options.until ?? "" };
      return approve(parts, { id, as: options.as, ...(options.standing === true && { standing }) });
    }),
  );

program
  .command("deny <plan>")
  .description("refuse a plan")
  .requiredOption("--as <name>", "approver who refuses")
  .requiredOption("--why <reason>", "what has to change")
  .action((id: string, options: { as: string; why: string }) =>
    human(async (parts) => (await import("./cli/deny.ts")).deny(parts, { id, ...options })),
  );

program
  .command("signoff <rollout>")
  .description("record that the customer signed off exactly the current exceptions table")
  .requiredOption("--contact <name>", "who consented for the customer")
  .requiredOption("--how <text>", 'how, e.g. "signed PDF by mail, 7 October"')
  .requiredOption("--hash <text>", "first 8 or more characters of the hash on the document they consented to")
  .requiredOption("--as <name>", "approver who vouches for it")
  .action((rollout: string, options: { contact: string; how: string; hash: string; as: string }) =>
    human(async (parts) => (await import("./cli/signoff.ts")).signoff(parts, { rollout, ...options })),
  );

program
  .command("settle <rollout> <key>")
  .description("record what became of a change whose end could not be told")
  .option("--happened", "it is there: never do it again")
  .option("--not-happened", "it is not there: do it when its tool is called again")
  .requiredOption("--how <text>", 'how you know, e.g. "looked in the channel, 7 October"')
  .requiredOption("--as <name>", "approver who vouches for it")
  .action(
    (rollout: string, key: string, options: { happened?: boolean; notHappened?: boolean; how: string; as: string }) =>
      human(async (parts) => {
        if (options.happened === options.notHappened) {
          const { InputError } = await import("./errors.ts");
          throw new InputError("Say either --happened or --not-happened.", {
            nextStep: "Look at the vendor, then say which.",
          });
        }
        const { settle } = await import("./cli/settle.ts");
        return settle(parts, { rollout, key, happened: options.happened === true, how: options.how, as: options.as });
      }),
  );

program
  .command("access-pass <rollout> <user>")
  .description("make the Temporary Access Pass that a plan was signed for, and show it here once")
  .requiredOption("--as <name>", "approver who takes it and hands it over")
  .action((rollout: string, user: string, options: { as: string }) =>
    human(async (parts) => {
      if (!process.stdout.isTTY) {
        const { InputError } = await import("./errors.ts");
        throw new InputError("A pass is shown to a person at a terminal, and this is none.", {
          nextStep: "Run the command by hand; do not send its output anywhere.",
        });
      }
      return (await import("./cli/access-pass.ts")).accessPass(parts, { rollout, user, as: options.as });
    }),
  );

program
  .command("init <customer>")
  .description("write a customer's file from questions, and say what is left to do; asks for no secret")
  .option("--set <setting=value>", "answer a question beforehand, such as hr.kind=bamboohr", collected, [])
  .option("--yes", "ask nobody: take what is given and what is usual, or say what lacks")
  .option("--overwrite", "replace the file that the customer has")
  .action((customer: string, options: { set: readonly string[]; yes?: boolean; overwrite?: boolean }) =>
    exiting(async () => {
      const { yes = false, overwrite = false, set } = options;
      return (await import("./cli/init/init.ts")).init(await settings(), { customer, set, yes, overwrite }, print);
    }),
  );

program
  .command("doctor <customer>")
  .description("check every system of a customer and say what to mend; changes nothing")
  .option("--json", "print the findings as JSON")
  .action((customer: string, { json }: { json?: boolean }) =>
    exiting(async () =>
      (await import("./cli/doctor/doctor.ts")).doctor(await settings(), { customer, json: json === true }, print),
    ),
  );

program
  .command("teams-login <customer>")
  .description("sign in the person in whose name a customer's Teams messages are posted, by a code in a browser")
  .action((customer: string) =>
    exiting(async () => (await import("./cli/teams-login.ts")).teamsLogin(await settings(), { customer, print })),
  );

program
  .command("approver")
  .description("the keys of those who sign")
  .command("add <name>")
  .description("make an approver's key; prints the public half for the customer's file")
  .action((_add: string, name: string) =>
    human(async (parts) => {
      const { createApproverKey } = await import("./approvals/keys.ts");
      parts.print(await createApproverKey(parts.keys, name, await parts.askPassphrase(`New passphrase of ${name}: `)));
      return 0;
    }),
  );

program
  .command("verify <path>")
  .description("check a ledger offline and name the first bad line")
  .option("--customer <slug>", "judge signatures too, by the approvers in this customer's file")
  .action((path: string, { customer }: { customer?: string }) =>
    exiting(async () => {
      const { verify } = await import("./cli/verify.ts");
      return verify(path, print, customer === undefined ? null : await deskOf(customer));
    }),
  );

program
  .command("drive <procedure> <customer>")
  .description("follow a procedure without an AI, stopping at approvals and waits")
  .requiredOption("--deadline <day>", "last day, YYYY-MM-DD")
  .option("--order <departments>", "departments in order, separated by commas")
  .action((procedure: string, customer: string, options: { deadline: string; order?: string }) =>
    exiting(async () =>
      (await import("./cli/drive/drive.ts")).drive(await settings(), { procedure, customer, ...options }, print),
    ),
  );

program
  .command("sandbox")
  .description("run the simulated vendors and write a data directory for them")
  .option("--company <name>", "larkfield or brightwater", "larkfield")
  .option("--seed <number>", "seed of the company", "1")
  .option("--faults <rate>", "share of vendor calls that fail, 0 to 1", "0")
  .requiredOption("--home <directory>", "data directory to write")
  .option("--pitfall <name...>", "what is wrong with the company, by the names of npm run pitfalls")
  .addOption(
    new Option("--cloud <name>", "Microsoft's cloud of its tenant").choices(["global", "us_gov", "us_dod", "china"]),
  )
  .action(
    (options: {
      company: string;
      seed: string;
      faults: string;
      home: string;
      pitfall?: readonly string[];
      cloud?: string;
    }) => exiting(async () => (await import("./cli/sandbox/serve-sandbox.ts")).serveSandbox(options, print)),
  );

await program.parseAsync();

async function settings(): Promise<Settings> {
  const { readSettings } = await import("./config/environment.ts");
  return readSettings(process.env);
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function deskOf(customer: string): Promise<import("./ports/approval-desk.ts").ApprovalDesk> {
  const { humanParts } = await import("./cli/human-parts.ts");
  return humanParts(await settings(), print).desk(customer);
}

/** Runs a command for a person on the data directory. */
function human(command: (parts: import("./cli/access-pass.ts").PassParts) => Promise<number>): Promise<void> {
  return exiting(async () => {
    const { humanParts } = await import("./cli/human-parts.ts");
    return command(humanParts(await settings(), print));
  });
}

/** Ends with the command's exit code; an expected failure is two sentences and code 1. */
async function exiting(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n${error.nextStep}\n`);
    process.exitCode = 1;
  }
}
