import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { draftAsPolicy } from "../src/domain/foresight/draft-as-policy.ts";
import { type ForeseenAccount, LockoutForesight } from "../src/domain/foresight/foresee.ts";
import { sumUp } from "../src/domain/foresight/sum-up.ts";
import { foresightTable } from "../src/domain/foresight/table.ts";
import {
  CLOSING_PHASE,
  type EntraObjectId,
  entraObjectId,
  userIdOfAccount,
  userPrincipalName,
} from "../src/domain/model/ids.ts";
import type { SignIn } from "../src/domain/model/signin.ts";
import { instant } from "../src/domain/model/time.ts";
import { draftPolicy } from "../src/domain/policy/draft.ts";
import { SignInObserver } from "../src/domain/signins/observe.ts";
import { FileDocumentStore } from "../src/ledger/file-document-store.ts";
import { CUSTOMER } from "../test/support/rollout-facts.ts";

/**
 * One side of the sign-in benchmark in a process of its own, so that its memory is its own. `ours`: read through the
 * connector, observed, stored, and replayed against the closing policy. `floor`: the same pages fetched and parsed.
 * Prints milliseconds, the most memory in bytes, and how many sign-ins and users that were.
 */
const [side = "", port = "", accounts = ""] = process.argv.slice(2);
const GRAPH = "https://graph.microsoft.com";
const FROM = instant("2026-10-06T00:00:00Z");
const TO = instant("2026-10-07T00:00:00Z");

const loopback = (url: string): string => url.replace(GRAPH, `http://127.0.0.1:${port}`);
const began = performance.now();
const found = side === "ours" ? await ours(Number(accounts)) : await floor();
const ms = performance.now() - began;
process.stdout.write(`${JSON.stringify({ ms, maxRss: process.resourceUsage().maxRSS * 1024, ...found })}\n`);

async function floor() {
  let signIns = 0;
  for (const path of ["/v1.0/auditLogs/signIns", "/beta/auditLogs/signIns"]) {
    for (let next: string | undefined = `${GRAPH}${path}`; next !== undefined; ) {
      const text: string = await (await fetch(loopback(next))).text();
      const page = JSON.parse(text) as { readonly value: readonly unknown[]; readonly "@odata.nextLink"?: string }; // the generator's form
      signIns += page.value.length;
      next = page["@odata.nextLink"];
    }
  }
  return { signIns, users: 0 };
}

async function ours(count: number) {
  const { GraphClient } = await import("../src/connectors/graph/graph-client.ts");
  const { EntraSignInLog } = await import("../src/connectors/entra/entra-sign-in-log.ts");
  const real = globalThis.fetch;
  globalThis.fetch = (input, init) => real(loopback(String(input)), init);
  const graph = new GraphClient({ cloud: "global", tokens: { token: async () => "token" } });
  const log = new EntraSignInLog({ graph, tenant: "bench.test" });
  const dir = await mkdtemp(join(tmpdir(), "mfa-rollout-bench-"));
  try {
    const documents = new FileDocumentStore({ dir });
    const people = accountsOf(count);
    const users = new Map(
      [...people].map(([id, { userId, capable }]) => [id, { userId, phase: CLOSING_PHASE, capable, excepted: false }]),
    );
    const observer = new SignInObserver({ users, policies: new Map([["draft", CLOSING_PHASE]]) });
    const { signal } = new AbortController();
    async function* observed() {
      for await (const signIn of log.listSignIns({ from: FROM, to: TO, signal })) {
        observer.add(signIn);
        yield signIn;
      }
    }
    const { hash, lines } = await documents.putLines(observed());
    observer.summary();
    const foresight = new LockoutForesight({ rules: rules(), accounts: people, settledSince: FROM });
    for await (const line of documents.lines(hash)) foresight.add(line as SignIn); // as stored above
    const summary = sumUp(foresight.users());
    await documents.put(foresightTable(summary.rows));
    return { signIns: lines, users: summary.users };
  } finally {
    await rm(dir, { recursive: true });
  }
}

function accountsOf(count: number): ReadonlyMap<EntraObjectId, ForeseenAccount> {
  return new Map(
    Array.from({ length: count }, (_, n) => {
      const objectId = entraObjectId(`00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`);
      const upn = userPrincipalName(`person${n}@bench.test`);
      const facts = {
        department: `Department ${n % 50}`,
        guest: null,
        methods: [],
        directorySync: false,
        member: true,
      };
      return [objectId, { objectId, userId: userIdOfAccount(objectId), upn, capable: n % 10 > 0, ...facts }];
    }),
  );
}

function rules() {
  const phase = { id: CLOSING_PHASE, department: null, order: 1 };
  const draft = draftPolicy({ rollout: "rol_bench", phase, customer: CUSTOMER, emergencyObjectIds: [] });
  return {
    draft: draftAsPolicy(draft, "draft"),
    others: [],
    locations: [],
    membership: { groups: new Map(), roles: new Map() },
  };
}
