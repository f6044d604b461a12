import crypto from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { COLUMNS } from "../../src/connectors/power-bi/enrolment-table.ts";
import { FolderDashboard } from "../../src/connectors/power-bi/folder-dashboard.ts";
import { phaseId } from "../../src/domain/model/ids.ts";
import { instant } from "../../src/domain/model/time.ts";
import { snapshotEffect } from "../../src/kit/effects/dashboard-effect.ts";
import { startSilentFolder } from "../support/silent-folder.ts";
import { aSnapshot, type DashboardSubject, describeDashboardPort } from "./dashboard.contract.ts";

const signal = new AbortController().signal;

/** Lines of a file without quotes in it, as its readers split it. */
const linesOf = (csv: string): readonly (readonly string[])[] =>
  csv
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) => line.split(","));

async function startFolder() {
  const outer = await mkdtemp(join(tmpdir(), "dashboard-"));
  const folder = join(outer, "larkfield");
  const there = (): Promise<string[]> => readdir(folder).catch(() => []);
  return {
    outer,
    folder,
    there,
    dashboard: new FolderDashboard(folder),
    rows: async () => {
      const files = await Promise.all((await there()).map((name) => readFile(join(folder, name), "utf8")));
      return files.flatMap((file) => {
        const [names = [], ...lines] = linesOf(file);
        return lines.map((cells) =>
          Object.fromEntries(cells.map((cell, at) => [names[at] ?? "", /^\d+$/.test(cell) ? Number(cell) : cell])),
        );
      });
    },
    places: async () => (await readdir(outer)).length,
    [Symbol.asyncDispose]: () => rm(outer, { recursive: true, force: true }),
  } satisfies DashboardSubject & Record<string, unknown>;
}

const looksOf = (dashboard: FolderDashboard) =>
  Promise.all(dashboard.checks().map((check) => check({ now: instant("2026-10-05T13:00:00Z"), signal })));

describeDashboardPort(startFolder);

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

describe("FolderDashboard", () => {
  it("knows for certain whether a snapshot is there", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    expect(await subject.dashboard.hasSnapshot("rol/phase_it", { signal })).toBe("absent");
    await subject.dashboard.append(aSnapshot("rol/phase_it"), { signal });
    expect(await subject.dashboard.hasSnapshot("rol/phase_it", { signal })).toBe("present");
  });

  it("holds a snapshot once, however often and by however many it is written", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    const writers = [subject.dashboard, new FolderDashboard(subject.folder)];
    await Promise.all(writers.map((each) => each.append(aSnapshot("rol/phase_it"), { signal })));
    await subject.dashboard.append(aSnapshot("rol/phase_it"), { signal });
    expect(await subject.there()).toHaveLength(1);
    expect(await subject.rows()).toHaveLength(2);
  });

  it("never gives two snapshots one name, even where their ids differ by what no file name holds", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    for (const id of ["rol/phase_it", "rol-phase_it", "rol?phase_it", "ROL/PHASE_IT", "../../phase_it"])
      await subject.dashboard.append(aSnapshot(id), { signal });
    const files = await subject.there();
    expect(new Set(files.map((name) => name.toLowerCase())).size).toBe(5);
    expect(files.filter((name) => !/^[A-Za-z0-9_-]+_[0-9a-f]{16}\.csv$/.test(name))).toEqual([]);
  });

  it("is found whole after a process that died behind the writing, and not after one that died before", async () => {
    await using subject = await startFolder();
    const snapshot = { ...aSnapshot("rol/phase_it"), afterPhase: phaseId("it") };
    const effect = () => snapshotEffect(snapshot, new FolderDashboard(subject.folder));
    const call = { noted: {}, note: async () => {}, signal };
    await subject.dashboard.prepare({ signal });
    expect(await effect().find(call)).toEqual({ state: "absent" });
    await effect().perform(call);
    expect(await effect().find(call)).toEqual({ state: "done", outcome: { snapshotId: "rol/phase_it" } });
    expect(await subject.there()).toHaveLength(1);
  });

  it("leaves what a writer left that died half-way", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    await writeFile(join(subject.folder, ".half.tmp"), "snapshotId,rollout");
    expect(await subject.dashboard.hasSnapshot("rol/phase_it", { signal })).toBe("absent");
    await subject.dashboard.append(aSnapshot("rol/phase_it"), { signal });
    expect((await subject.there()).filter((name) => name.endsWith(".csv"))).toHaveLength(1);
  });

  it("leaves alone what another writer has under the temporary name that it drew as well", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    const drawn = "8c1f2f6e-3b1c-4f0e-9a55-0c6f8e1d2b3a";
    const taken = join(subject.folder, `.${drawn}.tmp`);
    await writeFile(taken, "snapshotId,rollout");
    vi.spyOn(crypto, "randomUUID").mockReturnValueOnce(drawn);
    syncBuiltinESMExports();
    await expect(subject.dashboard.append(aSnapshot("rol/phase_it"), { signal })).rejects.toThrow();
    expect(await readFile(taken, "utf8")).toBe("snapshotId,rollout");
  });

  it("writes the columns by their names, and no text that a spreadsheet would run", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    const whole = aSnapshot("rol/phase_it");
    const [row] = whole.rows;
    if (row === undefined) throw new Error("the snapshot has rows");
    const departments = ['Sales, "Süd"', "=HYPERLINK(1)", "@sum", "-1", "Two\nlines"];
    await subject.dashboard.append(
      {
        ...whole,
        rows: departments.map((department) => ({ ...row, department })),
        takenAt: instant("2026-10-12T14:00:00Z"),
      },
      { signal },
    );
    const [name = ""] = await subject.there();
    const text = await readFile(join(subject.folder, name), "utf8");
    expect(text.split("\r\n")[0]).toBe(COLUMNS.map((column) => column.name).join(","));
    expect(text.split("\r\n").slice(1)).toEqual([
      'rol/phase_it,rol_larkfield_202610_ab12,Larkfield Foods,phase_it,2026-10-12T14:00:00.000Z,2026-10-12,"Sales, ""Süd""",phase_it,12,11,10,0,1',
      "rol/phase_it,rol_larkfield_202610_ab12,Larkfield Foods,phase_it,2026-10-12T14:00:00.000Z,2026-10-12,'=HYPERLINK(1),phase_it,12,11,10,0,1",
      "rol/phase_it,rol_larkfield_202610_ab12,Larkfield Foods,phase_it,2026-10-12T14:00:00.000Z,2026-10-12,'@sum,phase_it,12,11,10,0,1",
      "rol/phase_it,rol_larkfield_202610_ab12,Larkfield Foods,phase_it,2026-10-12T14:00:00.000Z,2026-10-12,'-1,phase_it,12,11,10,0,1",
      'rol/phase_it,rol_larkfield_202610_ab12,Larkfield Foods,phase_it,2026-10-12T14:00:00.000Z,2026-10-12,"Two\nlines",phase_it,12,11,10,0,1',
      "",
    ]);
  });

  it("takes a share that is gone for no empty folder", async () => {
    await using subject = await startFolder();
    const asked = subject.dashboard.hasSnapshot("rol/phase_it", { signal });
    await expect(asked).rejects.toMatchObject({ code: "ERR_CONFIGURATION" });
    await rm(subject.outer, { recursive: true });
    await expect(subject.dashboard.prepare({ signal })).rejects.toMatchObject({
      code: "ERR_CONFIGURATION",
      nextStep: expect.stringContaining("dashboard.folder"),
    });
  });

  it("says so where the folder's place is taken by a file, and leaves nothing behind", async () => {
    await using subject = await startFolder();
    await writeFile(subject.folder, "not a folder");
    await expect(subject.dashboard.append(aSnapshot("rol/phase_it"), { signal })).rejects.toMatchObject({
      code: "ERR_CONFIGURATION",
    });
    await expect(subject.dashboard.prepare({ signal })).rejects.toMatchObject({ code: "ERR_CONFIGURATION" });
    expect(await readFile(subject.folder, "utf8")).toBe("not a folder");
  });

  it("leaves no file half written where its name cannot be given", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    await subject.dashboard.append(aSnapshot("rol/phase_it"), { signal });
    const [name = ""] = await subject.there();
    await rm(join(subject.folder, name));
    await mkdir(join(subject.folder, name));
    await expect(subject.dashboard.append(aSnapshot("rol/phase_it"), { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_UNAVAILABLE",
    });
    expect(await subject.there()).toEqual([name]);
  });

  it("looks whether the folder is there before anything depends on it", async () => {
    await using subject = await startFolder();
    const look = async () => (await looksOf(subject.dashboard)).flat();
    await expect(look()).rejects.toMatchObject({ nextStep: expect.stringContaining("dashboard.folder") });
    await subject.dashboard.prepare({ signal });
    expect((await look()).map(({ state }) => state)).toEqual(["good", "unknown"]);
    expect(await subject.there()).toEqual([]);
  });
});

describe("a folder that lets us wait for ever", () => {
  const hasSnapshot = (dashboard: FolderDashboard, by = signal) =>
    dashboard.hasSnapshot("rol/phase_it", { signal: by });

  it.each<[string, (dashboard: FolderDashboard) => Promise<unknown>]>([
    ["a preparation", (dashboard) => dashboard.prepare({ signal })],
    ["a snapshot", (dashboard) => dashboard.append(aSnapshot("rol/phase_it"), { signal })],
    ["a question", (dashboard) => hasSnapshot(dashboard)],
    ["a look of doctor's", (dashboard) => looksOf(dashboard)],
  ])("ends %s with an error of ours", async (_name, ask) => {
    await using subject = await startFolder();
    using _ = startSilentFolder(subject.folder);
    await expect(ask(new FolderDashboard(subject.folder, { timeoutMs: 50 }))).rejects.toMatchObject({
      code: "ERR_CONNECTOR_UNAVAILABLE",
      message: expect.stringContaining("does not answer"),
    });
  });

  it("takes no second thread of the server's while it keeps one, and is asked again once it answers", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    const dashboard = new FolderDashboard(subject.folder, { timeoutMs: 50 });
    using silent = startSilentFolder(subject.folder);
    for (let times = 0; times < 3; times++) await expect(hasSnapshot(dashboard)).rejects.toThrow("does not answer");
    expect(silent.asked).toEqual(["stat"]);
    silent.answer();
    expect(await hasSnapshot(dashboard)).toBe("absent");
  });

  it("holds a snapshot once that was written after we had given it up", async () => {
    await using subject = await startFolder();
    await subject.dashboard.prepare({ signal });
    const dashboard = new FolderDashboard(subject.folder, { timeoutMs: 50 });
    using silent = startSilentFolder(subject.folder, ["rename"]);
    await expect(dashboard.append(aSnapshot("rol/phase_it"), { signal })).rejects.toThrow("does not answer");
    silent.answer();
    expect(await hasSnapshot(dashboard)).toBe("present");
    await dashboard.append(aSnapshot("rol/phase_it"), { signal });
    expect(await subject.there()).toHaveLength(1);
  });

  it("is left when the caller cancels", async () => {
    await using subject = await startFolder();
    using _ = startSilentFolder(subject.folder);
    const caller = new AbortController();
    const asked = hasSnapshot(subject.dashboard, caller.signal);
    caller.abort();
    await expect(asked).rejects.toMatchObject({ code: "ERR_CANCELLED" });
  });
});
