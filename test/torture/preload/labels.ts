/** What a file of the data directory is, or `null` for any other. */
export function fileLabel(path: string): string | null {
  const [, inside] = /\/data\/((?:rollouts|blobs)(?:\/.*)?)$/.exec(path) ?? [];
  if (inside === undefined) return null;
  if (inside.endsWith("/ledger.jsonl")) return "ledger";
  if (inside.endsWith("/rollout.json")) return "projection";
  if (/^blobs\/(\.|\w\w\/)/.test(inside)) return "document";
  return "directory";
}

/** The type of the event in a line of the ledger. */
export const appendLabel = (line: string): string => /"type":"(\w+)","hash":/.exec(line)?.[1] ?? "";

/**
 * The step of a rollout that begins after this line of the ledger: what a tool has done or proposed. `null` for a line
 * that is a part of a step.
 */
export function stepLabel(line: string): string | null {
  const type = appendLabel(line);
  if (type !== "step_done" && type !== "plan_proposed") return null;
  const { data } = JSON.parse(line) as { data: { tool: string; argsKey: string } }; // ours, of one of these types
  return [type, data.tool, ...Object.values(JSON.parse(data.argsKey))].join(" ");
}

/** Method, vendor and route, without what names a person or a thing; `null` for what is no request to a vendor. */
export function requestLabel(method: string, origin: string, path: string): string | null {
  const host = URL.parse(origin)?.hostname ?? "";
  if (method === "CONNECT" || host === "" || host === "127.0.0.1") return null;
  const route = (path.split("?")[0] ?? "")
    .split("/")
    .map((segment) => (/\d{3}|[@%(]|[\w-]{20}/.test(segment) ? "{}" : segment))
    .join("/");
  return `${method} ${host}${route}`;
}
