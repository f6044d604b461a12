import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderProcedureShelf } from "../../src/config/procedure-shelf.ts";
import { ConfigurationError, NotFoundError, StateError } from "../../src/errors.ts";

const SHIPPED = join(import.meta.dirname, "..", "..", "procedures");
let home = "";
let shelf: FolderProcedureShelf;
const saved = (...parts: readonly string[]): string => join(home, "saved", ...parts);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "mfa-rollout-shelf-"));
  await cp(SHIPPED, join(home, "shipped"), { recursive: true });
  shelf = new FolderProcedureShelf({ shipped: join(home, "shipped"), saved: saved() });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const withoutHash = async (id = "insurer-mfa") => {
  const { hash: _, ...procedure } = await shelf.get(id);
  return procedure;
};

describe("the shelf of procedures", () => {
  it("gives a saved procedure back as it was, in files for its owner's eyes only", async () => {
    const procedure = {
      ...(await withoutHash()),
      version: "1.1.0",
      lessons: ['Look for "ropc": first.', "# not a comment"],
    };
    const made = await shelf.save(procedure);
    expect(made).toEqual({ ...procedure, hash: made.hash });
    expect(await shelf.get("insurer-mfa", made.hash)).toEqual(made);
    expect((await stat(saved("insurer-mfa-1.1.0", "procedure.yaml"))).mode & 0o777).toBe(0o600);
    expect(await readdir(saved())).toEqual(["insurer-mfa-1.1.0"]);
  });

  it("gives the newest version of a name, by number and not by spelling, and an old one by its hash", async () => {
    const old = await shelf.get("insurer-mfa");
    for (const version of ["1.9.0", "1.10.0"]) await shelf.save({ ...(await withoutHash()), version });
    expect((await shelf.get("insurer-mfa")).version).toBe("1.10.0");
    expect(await shelf.get("insurer-mfa", old.hash)).toEqual(old);
    expect((await shelf.list()).map(({ version }) => version)).toEqual([old.version, "1.9.0", "1.10.0"]);
  });

  it("saves the same again without a change, and refuses other content under a version that is taken", async () => {
    const procedure = { ...(await withoutHash()), version: "1.1.0" };
    const made = await shelf.save(procedure);
    expect(await shelf.save(procedure)).toEqual(made);
    await expect(shelf.save({ ...procedure, lessons: ["Another."] })).rejects.toThrow(StateError);
    expect(await shelf.get("insurer-mfa")).toEqual(made);
    expect(await readdir(saved())).toEqual(["insurer-mfa-1.1.0"]);
  });

  it("saves nothing that could not be read back", async () => {
    const { "faq.md": _, ...texts } = (await withoutHash()).texts;
    await expect(shelf.save({ ...(await withoutHash()), version: "1.1.0", texts })).rejects.toThrow(ConfigurationError);
    expect((await shelf.list()).map(({ version }) => version)).toHaveLength(1);
  });

  it("refuses a rollout's pinned procedure that was changed since", async () => {
    const { hash } = await shelf.get("insurer-mfa");
    const faq = join(home, "shipped", "insurer-mfa", "faq.md");
    await writeFile(faq, `${await readFile(faq, "utf8")}\nPay here.\n`);
    await expect(shelf.get("insurer-mfa", hash)).rejects.toThrow("changed or removed");
  });

  it("names what there is when a name is unknown, and what is wrong when a folder is broken", async () => {
    await expect(shelf.get("dental")).rejects.toMatchObject({
      code: new NotFoundError("", { nextStep: "" }).code,
      nextStep: expect.stringContaining("insurer-mfa"),
    });
    await mkdir(saved("dental-1.0.0"), { recursive: true });
    await writeFile(saved("dental-1.0.0", "procedure.yaml"), "id: dental\n");
    await expect(shelf.get("dental")).rejects.toThrow(ConfigurationError);
    expect((await shelf.list()).map(({ id }) => id)).toEqual(["insurer-mfa"]);
  });
});
