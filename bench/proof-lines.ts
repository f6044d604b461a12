import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProofTally } from "../src/domain/coverage/proof-tally.ts";
import { prover } from "../src/domain/coverage/prove.ts";
import { NOBODY } from "../src/domain/foresight/access-policy.ts";
import { CLOSING_PHASE, entraObjectId, phaseId, userIdOfAccount } from "../src/domain/model/ids.ts";
import type { Account, Registration, User } from "../src/domain/model/people.ts";
import { calendarDate, instant } from "../src/domain/model/time.ts";
import { FileDocumentStore } from "../src/ledger/file-document-store.ts";
import { accessPolicy } from "../test/support/access-policy.ts";
import { account, roster, user } from "../test/support/rollout-facts.ts";

/**
 * One side of the proof's benchmark in a process of its own, so that its memory is its own. Both hold the canonical list,
 * which every tool does, and stream the tenant's accounts. Prints milliseconds, the most memory in bytes, and the lines.
 */
const [side = "", count = ""] = process.argv.slice(2);
const PHASE = phaseId("Sales");
const GROUPS = 12;

const idOf = (n: number) => entraObjectId(`00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`);
function* accounts(): Generator<Account> {
  for (let n = 0; n < Number(count); n++) yield account(n, { objectId: idOf(n), enabled: n % 20 > 0 });
}
const registrationOf = (objectId: Account["objectId"]): Registration => ({
  ...{ objectId, registered: true, capable: true, methods: ["fido2"], isAdmin: false },
  reportedAt: instant("2026-10-29T06:00:00Z"),
});
const users: readonly User[] = [...accounts()].map((one) =>
  user(0, { id: userIdOfAccount(one.objectId), account: one }),
);
const dir = await mkdtemp(join(tmpdir(), "mfa-rollout-bench-"));
try {
  const documents = new FileDocumentStore({ dir });
  const began = performance.now();
  const { lines } = await documents.putLines(side === "ours" ? ours() : accounts());
  const ms = performance.now() - began;
  const maxRss = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ ms, maxRss, lines, held: users.length })}\n`);
} finally {
  await rm(dir, { recursive: true });
}

function* ours() {
  const everybody = new Set(users.flatMap((one) => one.account?.objectId ?? []));
  const nobody = new Set<Account["objectId"]>();
  const names = Array.from({ length: GROUPS }, (_, n) => `group ${n}`);
  const groups = new Map(names.map((name, n) => [name, n === GROUPS - 1 ? everybody : nobody]));
  const lineOf = prover({
    policies: names.map((id) => accessPolicy({ id, users: { include: { ...NOBODY, groups: [id] }, exclude: NOBODY } })),
    membership: { groups, roles: new Map() },
    direct: new Map(),
    registrations: new Map([...everybody].map((id) => [id, registrationOf(id)])),
    users,
    roster: roster({ byPhase: { [PHASE]: users, [CLOSING_PHASE]: [] } }),
    register: [],
    signoff: null,
    today: calendarDate("2026-10-29"),
  });
  const tally = new ProofTally("seed");
  for (const one of accounts()) {
    const line = lineOf(one);
    tally.add(line, one);
    yield line;
  }
  tally.departments([]);
}
