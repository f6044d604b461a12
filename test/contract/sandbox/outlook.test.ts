import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { graph } from "../../../src/sandbox/vendors/graph/graph.ts";
import { at, GRAPH, list, openTenant, text } from "./microsoft-tenant.ts";

const MAILBOX = "/v1.0/users/it-support@larkfieldfoods.com/messages";
const IMMUTABLE = { prefer: 'include-unknown-enum-members, IdType="ImmutableId"' };
const mail = (changes: Readonly<Record<string, unknown>> = {}) => ({
  subject: "Hello",
  body: { contentType: "html", content: "<p>Hello</p>" },
  toRecipients: [{ emailAddress: { address: "ada@example.com" } }],
  ...changes,
});

describe("the simulated mail of Exchange Online", () => {
  let tenant: ReturnType<typeof openTenant>;
  beforeEach(() => {
    tenant = openTenant(graph, GRAPH);
  });
  afterEach(() => vi.useRealTimers());
  const create = (body: unknown, headers = {}) => tenant.asApp("POST", MAILBOX, { body, headers });

  it("lets the app into the mailbox of its Exchange role and into no other", async () => {
    expect((await create(mail())).status).toBe(201);
    const other = await tenant.asApp("POST", "/v1.0/users/info@larkfieldfoods.com/messages", { body: mail() });
    expect(other).toMatchObject({ status: 403, body: { error: { code: "ErrorAccessDenied" } } });
    const nobody = await tenant.asApp("POST", "/v1.0/users/nobody@larkfieldfoods.com/messages", { body: mail() });
    expect(nobody.status).toBe(404);
  });

  it("gives an id that changes with the folder, unless the other kind is preferred", async () => {
    const { body: draft } = await create(mail());
    expect((await tenant.asApp("POST", `${MAILBOX}/${text(draft, "id")}/send`)).status).toBe(202);
    tenant.pass(3_000);
    expect((await tenant.asApp("GET", `${MAILBOX}/${text(draft, "id")}`)).status).toBe(404);

    const { body: kept } = await create(mail(), IMMUTABLE);
    await tenant.asApp("POST", `${MAILBOX}/${text(kept, "id")}/send`, { headers: IMMUTABLE });
    tenant.pass(3_000);
    const found = await tenant.asApp("GET", `${MAILBOX}/${text(kept, "id")}?$select=isDraft`, { headers: IMMUTABLE });
    expect(found).toMatchObject({ status: 200, body: { isDraft: false } });
  });

  it("shows some sent messages only after a while", async () => {
    const shown: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      const { body } = await create(mail(), IMMUTABLE);
      await tenant.asApp("POST", `${MAILBOX}/${text(body, "id")}/send`);
      shown.push((await tenant.asApp("GET", `${MAILBOX}/${text(body, "id")}`)).status);
    }
    expect(new Set(shown)).toEqual(new Set([200, 404]));
  });

  it("shows some messages as drafts after it took them, and refuses to send one of these again", async () => {
    const drafts: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      const id = text((await create(mail(), IMMUTABLE)).body, "id");
      expect((await tenant.asApp("POST", `${MAILBOX}/${id}/send`)).status).toBe(202);
      const { status, body } = await tenant.asApp("GET", `${MAILBOX}/${id}`);
      if (status === 200 && at(body, "isDraft") === true) drafts.push(id);
    }
    expect(drafts.length).toBeGreaterThan(0);
    expect(drafts.length).toBeLessThan(10);
    for (const id of drafts) expect((await tenant.asApp("POST", `${MAILBOX}/${id}/send`)).status).toBe(400);
    expect(list(at(tenant.vendor.dump(), "outlook"), "sent")).toHaveLength(10);
    tenant.pass(3_000);
    for (const id of drafts) {
      const { body } = await tenant.asApp("GET", `${MAILBOX}/${id}`);
      expect(at(body, "isDraft")).toBe(false);
    }
  });

  it("takes headers only under x-, and five of them", async () => {
    const header = (name: string) => ({ name, value: "1" });
    expect((await create(mail({ internetMessageHeaders: [header("Auto-Submitted")] }))).body).toMatchObject({
      error: { code: "InvalidInternetMessageHeader" },
    });
    const six = Array.from({ length: 6 }, (_, index) => header(`x-h${index}`));
    expect((await create(mail({ internetMessageHeaders: six }))).status).toBe(400);
    expect((await create(mail({ internetMessageHeaders: six.slice(1) }))).status).toBe(201);
  });

  it("finds messages by an extended property and by nothing else", async () => {
    const id = "String {5c1f0f0e-6f0b-4f0e-9d0a-2f6f5b8f4a71} Name key";
    await create(mail({ singleValueExtendedProperties: [{ id, value: "it's one" }] }));
    await create(mail());
    const by = (filter: string) => tenant.asApp("GET", `${MAILBOX}?$filter=${encodeURIComponent(filter)}`);
    const property = (value: string) =>
      `singleValueExtendedProperties/any(ep: ep/id eq '${id}' and ep/value eq '${value}')`;
    expect(list((await by(property("it''s one"))).body, "value")).toHaveLength(1);
    expect(list((await by(property("another"))).body, "value")).toHaveLength(0);
    expect((await by("contains(subject,'Hello')")).status).toBe(400);
  });

  it("sends a draft once, to recipients that are addresses, and 30 a minute", async () => {
    const { body } = await create(mail(), IMMUTABLE);
    const send = (id: string) => tenant.asApp("POST", `${MAILBOX}/${id}/send`);
    expect((await send(text(body, "id"))).status).toBe(202);
    tenant.pass(3_000);
    expect((await send(text(body, "id"))).status).toBe(400);
    const nowhere = await create(mail({ toRecipients: [{ emailAddress: { address: "nowhere" } }] }));
    expect((await send(text(nowhere.body, "id"))).status).toBe(400);
    const answers: number[] = [];
    for (let count = 0; count < 30; count += 1) {
      answers.push((await send(text((await create(mail())).body, "id"))).status);
    }
    expect(answers.filter((status) => status === 202)).toHaveLength(29);
    expect(answers.at(-1)).toBe(429);
    expect(list(at(tenant.vendor.dump(), "outlook"), "sent")).toHaveLength(30);
  });
});
