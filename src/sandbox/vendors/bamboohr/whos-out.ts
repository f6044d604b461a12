import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { World } from "../../world/world.ts";
import { escapeXml, headerError, jsonOrXml } from "./answers.ts";
import { holidaysOf } from "./holidays.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 14;
/** Whose absences the key's owner sees while the visibility filter is on. */
const OWNER_DEPARTMENT = "IT";

/** One absence or holiday; `employeeId` is there for absences only, and no entry says what kind of leave it is. */
interface OutEntry {
  readonly id: number;
  readonly type: "timeOff" | "holiday";
  readonly employeeId?: number;
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

/** BambooHR API reference, "List Who's Out": `GET /api/v1/time_off/whos_out`. */
export function whosOutRoute(world: World): Route {
  return { method: "GET", path: "/api/v1/time_off/whos_out", handle: (request) => listWhosOut(world, request) };
}

function listWhosOut(world: World, request: VendorRequest): VendorResponse {
  const query = request.url.searchParams;
  const start = query.get("start") ?? localDate(world);
  if (!isDate(start)) return headerError(400, "Invalid start date");
  const end = query.get("end") ?? new Date(Date.parse(start) + DEFAULT_DAYS * DAY_MS).toISOString().slice(0, 10);
  if (!isDate(end) || end < start) return headerError(400, "Invalid end date");
  const isOpen = query.get("filter") === "off";
  const entries = [...absences(world, isOpen), ...holidays(start, end)]
    .filter((entry) => entry.start <= end && entry.end >= start)
    .toSorted((one, other) => (one.start < other.start ? -1 : one.start > other.start ? 1 : one.id - other.id));
  return jsonOrXml(request, entries, () => `<calendar>${entries.map(toXml).join("")}</calendar>`);
}

function absences(world: World, isOpen: boolean): readonly OutEntry[] {
  return world.timeOff.flatMap(({ id, employeeId, start, end }): OutEntry[] => {
    const employee = world.employees.get(employeeId);
    if (employee === undefined || !(isOpen || employee.department === OWNER_DEPARTMENT)) return [];
    const name = `${employee.firstName} ${employee.lastName}`;
    return [{ id, type: "timeOff", employeeId: Number(employeeId), name, start, end }];
  });
}

function holidays(start: string, end: string): readonly OutEntry[] {
  const years = new Set([start, end].map((date) => Number(date.slice(0, 4))));
  return [...years]
    .flatMap(holidaysOf)
    .map(({ id, name, date }): OutEntry => ({ id, type: "holiday", name, start: date, end: date }));
}

function localDate(world: World): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: world.timeZone }).format(world.now());
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function toXml({ id, type, employeeId, name, start, end }: OutEntry): string {
  const who = employeeId === undefined ? "" : `<employee id="${employeeId}">${escapeXml(name)}</employee>`;
  const what = employeeId === undefined ? `<holiday id="${id}">${escapeXml(name)}</holiday>` : `<request id="${id}"/>`;
  return `<item type="${type}">${what}${who}<start>${start}</start><end>${end}</end></item>`;
}
