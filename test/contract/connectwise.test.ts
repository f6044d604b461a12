import { describe, expect, it } from "vitest";
import { z } from "zod";
import { condition } from "../../src/connectors/connectwise/conditions.ts";
import { ConnectWiseServiceDesk } from "../../src/connectors/connectwise/connectwise-service-desk.ts";
import { instant } from "../../src/domain/model/time.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { connectwise } from "../../src/sandbox/vendors/connectwise/connectwise.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { READ_FAULTS, WRITE_FAULTS } from "../support/vendor-faults.ts";
import { describeServiceDeskPort, type ServiceDeskSubject } from "./service-desk.contract.ts";

const Dump = z.object({
  connectwise: z.object({
    projects: z.array(z.object({ id: z.number() })),
    tickets: z.array(
      z.object({
        id: z.number(),
        summary: z.string(),
        status: z.object({ name: z.string() }),
        requiredDate: z.string().nullish(),
        owner: z.object({ id: z.number() }).nullish(),
      }),
    ),
    notes: z.array(
      z.object({
        ticketId: z.number(),
        text: z.string(),
        detailDescriptionFlag: z.boolean(),
        internalAnalysisFlag: z.boolean(),
        resolutionFlag: z.boolean(),
      }),
    ),
  }),
});

type Options = ConstructorParameters<typeof ConnectWiseServiceDesk>[0];

function deskOf(box: TestBox, changes: Partial<Options> = {}): ConnectWiseServiceDesk {
  const { companyId, publicKey, privateKey, clientId, customer } = box.secrets.connectwise;
  const keys = { companyId, publicKey, privateKey, clientId, customer };
  const boards = { serviceBoard: "Service Desk", projectBoard: "Projects" };
  return new ConnectWiseServiceDesk({ site: "na.myconnectwise.net", ...keys, ...boards, backoffBaseMs: 1, ...changes });
}

type TicketListener = Parameters<TestBox["world"]["onTicket"]>[0];

/** ConnectWise whose people bring tickets only when a test says so. */
async function startConnectWise(vendor: VendorFactory = connectwise): Promise<ServiceDeskSubject> {
  let listener: TicketListener = () => {
    throw new Error("nobody listens for tickets");
  };
  const listening: VendorFactory = (box) => {
    const onTicket = (heard: TicketListener): void => {
      listener = heard;
    };
    return vendor({ ...box, world: Object.assign(box.world, { onTicket }) });
  };
  const box = await startBox([listening]);
  const held = async () => Dump.parse(await box.dump()).connectwise;
  const route = { vendor: "connectwise" } as const;
  return {
    desk: deskOf(box),
    failWrite: (kind) =>
      box.fail(
        { ...route, method: "POST", ...WRITE_FAULTS[kind] },
        { ...route, method: "PATCH", ...WRITE_FAULTS[kind] },
      ),
    failRead: (kind) => box.fail({ ...route, method: "GET", path: "/tickets|/boards", ...READ_FAULTS[kind] }),
    raise: (ticket) => listener({ contactName: "Kim", contactEmail: "kim@larkfieldfoods.com", ...ticket }),
    notes: async () =>
      (await held()).notes.map(({ ticketId, text, detailDescriptionFlag, internalAnalysisFlag, resolutionFlag }) => ({
        ticketId: String(ticketId),
        text,
        forCustomerOnly: detailDescriptionFlag && !internalAnalysisFlag && !resolutionFlag,
      })),
    projects: async () => (await held()).projects.length,
    async ticket(id) {
      const found = (await held()).tickets.find((ticket) => String(ticket.id) === id);
      const due = found?.requiredDate;
      return { status: found?.status.name ?? "", due: due ? instant(due) : null };
    },
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeServiceDeskPort(() => startConnectWise());

const signal = new AbortController().signal;
const EVER = { from: instant("2020-01-01T00:00:00Z"), to: instant("2030-01-01T00:00:00Z"), signal };
const aProject = { name: "MFA", start: "2026-10-05", end: "2026-10-31", marker: "rol_1" };

describe("ConnectWiseServiceDesk", () => {
  it("takes a ticket for closed by its status although its flag says open", async () => {
    await using subject = await startConnectWise();
    const tickets = await Array.fromAsync(subject.desk.listTickets(EVER));
    expect(tickets.find(({ summary }) => summary.startsWith("New phone"))).toMatchObject({ closed: true });
  });

  it("shows tickets of the customer alone", async () => {
    await using subject = await startConnectWise();
    const summaries = (await Array.fromAsync(subject.desk.listTickets(EVER))).map(({ summary }) => summary);
    expect(summaries).not.toContain("Renew our own MFA tokens");
    expect(summaries).toHaveLength(3);
  });

  it.each([
    { name: "service board", changes: { serviceBoard: "Helpdesk" } },
    { name: "service board that is for projects", changes: { serviceBoard: "Projects" } },
    { name: "company", changes: { customer: "Larkfield" } },
  ])("refuses a $name that is not there instead of listing no tickets", async ({ changes }) => {
    await using box = await startBox([connectwise]);
    const listing = Array.fromAsync(deskOf(box, changes).listTickets(EVER));
    await expect(listing).rejects.toMatchObject({ code: "ERR_CONFIGURATION" });
  });

  it.each([
    { name: "key", changes: { privateKey: "wrong" }, code: "ERR_CONNECTOR_AUTHENTICATION" },
    { name: "company id, which answers 404", changes: { companyId: "wrong" }, code: "ERR_CONNECTOR_AUTHENTICATION" },
    { name: "clientId", changes: { clientId: "" }, code: "ERR_CONNECTOR_PERMISSION" },
  ])("says that it is not let in with a wrong $name", async ({ changes, code }) => {
    await using box = await startBox([connectwise]);
    await expect(deskOf(box, changes).findProject("rol_1", { signal })).rejects.toMatchObject({ code });
  });

  it("does not believe a 200 that changed nothing", async () => {
    await using subject = await startConnectWise(idlePatches);
    const { id } = await subject.desk.createProject(aProject, { signal });
    const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
    const ticket = await subject.desk.createProjectTicket(
      { phaseId: phase.id, summary: "s", text: "t", marker: "m" },
      { signal },
    );
    const contract = { code: "ERR_CONNECTOR_CONTRACT" };
    await expect(subject.desk.setPhaseStatus(id, phase.id, "Closed", { signal })).rejects.toMatchObject(contract);
    await expect(subject.desk.changeTicket(ticket.id, { status: "Closed" }, { signal })).rejects.toMatchObject(
      contract,
    );
  });

  it("gives tickets with a due date to the technician named, and refuses one who left", async () => {
    await using box = await startBox([connectwise]);
    const desk = deskOf(box, { technician: "tokafor" });
    const { id } = await desk.createProject(aProject, { signal });
    const phase = await desk.createPhase(id, { description: "IT" }, { signal });
    const ticket = { phaseId: phase.id, summary: "s", text: "t", due: instant("2026-10-12T22:00:00Z") };
    await desk.createProjectTicket({ ...ticket, marker: "rol/fix/a" }, { signal });
    const { tickets } = Dump.parse(await box.dump()).connectwise;
    expect(tickets.find(({ summary }) => summary === "s")?.owner).toEqual({ id: 162 });
    const gone = deskOf(box, { technician: "JLind" }).createProjectTicket(
      { ...ticket, marker: "rol/fix/b" },
      { signal },
    );
    await expect(gone).rejects.toMatchObject({ code: "ERR_CONFIGURATION", message: expect.stringContaining("JLind") });
  });

  it("says how long to wait when ConnectWise asks for half a minute", async () => {
    await using box = await startBox([connectwise]);
    await box.fail({ vendor: "connectwise", kind: "status", status: 429 });
    await expect(deskOf(box).findProject("rol_1", { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_THROTTLED",
      details: { retryAfterSeconds: 30 },
    });
  });

  it("cuts a long summary and keeps its whole text", async () => {
    await using subject = await startConnectWise();
    const { id } = await subject.desk.createProject(aProject, { signal });
    const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
    const ticket = { phaseId: phase.id, summary: "é".repeat(101), text: "whole", marker: "m" };
    const { summary } = await subject.desk.createProjectTicket(ticket, { signal });
    expect(summary).toBe(`${"é".repeat(99)}…`);
    expect((await subject.notes()).some(({ text }) => text === "whole")).toBe(true);
  });

  it("refuses a name that is too long to be found again", async () => {
    await using subject = await startConnectWise();
    const making = subject.desk.createProject({ ...aProject, name: "x".repeat(101) }, { signal });
    await expect(making).rejects.toMatchObject({ code: "ERR_INPUT" });
  });

  it.each(["x".repeat(51), "", "1.2"])("refuses %j as marker of a project ticket", async (marker) => {
    await using subject = await startConnectWise();
    const making = subject.desk.createProjectTicket({ phaseId: "1", summary: "s", text: "t", marker }, { signal });
    await expect(making).rejects.toThrow(RangeError);
  });

  it("does not follow pages that lead in a circle", async () => {
    await using subject = await startConnectWise(circlingPages);
    await expect(Array.fromAsync(subject.desk.listTickets(EVER))).rejects.toMatchObject({
      code: "ERR_CONNECTOR_CONTRACT",
      message: "ConnectWise PSA answered with pages that lead in a circle.",
    });
  });

  it("refuses an id that would lead to another address", async () => {
    await using subject = await startConnectWise();
    await expect(subject.desk.hasNote("1/../2", "m", { signal })).rejects.toMatchObject({ code: "ERR_INPUT" });
  });
});

describe("condition", () => {
  it("refuses a double quote, which would let text be read as conditions", () => {
    expect(() => condition("name", "=", 'x" or id > 0 or name="')).toThrow(
      expect.objectContaining({ code: "ERR_INPUT" }),
    );
  });

  it("writes texts, numbers, flags and instants as the query language has them", () => {
    expect([
      condition("company/identifier", "=", "O'Hara & Söhne"),
      condition("project/id", "=", 7),
      condition("closedFlag", "!=", false),
      condition("dateEntered", ">=", new Date("2026-10-05T07:30:00.900Z")),
    ]).toEqual([
      'company/identifier = "O\'Hara & Söhne"',
      "project/id = 7",
      "closedFlag != False",
      "dateEntered >= [2026-10-05T07:30:00Z]",
    ]);
  });
});

/** ConnectWise that answers every PATCH with the record as it was. */
const idlePatches: VendorFactory = (box) => {
  const vendor = connectwise(box);
  const routes = vendor.routes.map((route) => {
    const get = vendor.routes.find(({ method, path }) => method === "GET" && path === route.path);
    return route.method === "PATCH" && get ? { ...route, handle: get.handle } : route;
  });
  return { ...vendor, routes };
};

/** ConnectWise whose every page of tickets names itself as the next one. */
const circlingPages: VendorFactory = (box) => {
  const vendor = connectwise(box);
  const routes = vendor.routes.map((route): (typeof vendor.routes)[number] => ({
    ...route,
    async handle(request, parameters) {
      const response = await route.handle(request, parameters);
      if (!route.path.endsWith("/service/tickets")) return response;
      return { ...response, headers: { ...response.headers, link: `<${request.url.href}>; rel="next"` } };
    },
  }));
  return { ...vendor, routes };
};
