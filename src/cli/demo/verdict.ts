import type { Collected } from "./collect.ts";

export interface Verdict {
  readonly promise: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** Holds the promises against what the vendors saw, never against what the server says of itself. */
export function judge(collected: Collected): readonly Verdict[] {
  const { vendors, state } = collected;
  const ours = vendors.gmail.sent.flatMap((mail) => {
    const key = mail.headers["X-MFA-Rollout-Key"];
    return key === undefined ? [] : [{ ...mail, key, kind: key.split("/")[1] ?? "" }];
  });
  const twice = repeated(ours.map(({ key }) => key));
  const announcedTwice = repeated(ours.filter(({ kind }) => kind === "announcement").flatMap(({ to }) => to));
  const excepted = new Set(
    Object.values(vendors.world.exceptions)
      .flat()
      .flatMap(({ mail }) => mail?.toLowerCase() ?? []),
  );
  const toExcepted = ours.filter(
    ({ kind, to }) => kind !== "signoff" && to.some((address) => excepted.has(address.toLowerCase())),
  );
  const live = [...state.policies.values()].map(
    ({ policyId }) => vendors.entra.policies.find(({ id }) => id === policyId)?.state,
  );
  const deletes = vendors.entra.policyHistory.filter(({ method }) => method === "DELETE");
  const rows = (collected.exceptionsTable.match(/^\| \d+ \|/gm) ?? []).length;
  const chased = ours.filter(({ kind }) => kind === "chase").flatMap(({ to }) => to);
  const never = vendors.world.neverEnrol.flatMap(({ mail }) => mail ?? []);
  return [
    {
      promise: `${ours.length} mails, none of them twice`,
      holds: ours.length > 0 && twice.length === 0,
      detail: twice.join(", "),
    },
    { promise: "One announcement a person", holds: announcedTwice.length === 0, detail: announcedTwice.join(", ") },
    {
      promise: "No mail to an excepted account",
      holds: toExcepted.length === 0,
      detail: toExcepted.map(({ to }) => to.join()).join(", "),
    },
    {
      promise: `All ${live.length} policies enforced in the tenant`,
      holds: live.length > 1 && live.every((is) => is === "enabled"),
      detail: live.join(", "),
    },
    { promise: "No policy was ever deleted", holds: deletes.length === 0, detail: `${deletes.length} deletions` },
    {
      promise: "Exactly 14 exceptions, signed off",
      holds: rows === 14 && state.signoff?.table === state.exceptions?.table,
      detail: `${rows} rows`,
    },
    {
      promise: "Those who never enrolled were chased once",
      holds: never.every((mail) => chased.filter((to) => to.toLowerCase() === mail.toLowerCase()).length === 1),
      detail: `chased ${chased.join(", ")}`,
    },
  ];
}

/** What stands there more than once, whatever its case. */
const repeated = (values: readonly string[]): readonly string[] => {
  const alike = values.map((value) => value.toLowerCase());
  return alike.filter((value, index) => alike.indexOf(value) !== index);
};
