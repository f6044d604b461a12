import crypto from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "../../src/domain/model/ids.ts";
import { LedgerError } from "../../src/errors.ts";
import { dataDirectory } from "../support/data-directory.ts";

/** SHA-256 of "abc", FIPS 180-2 appendix B.1. */
const ABC = sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

const pathOf = (dir: string, hash: string): string => join(dir, "blobs", hash.slice(0, 2), hash);
const all = async (lines: AsyncIterable<unknown>): Promise<readonly unknown[]> => Array.fromAsync(lines);

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

describe("the document store", () => {
  it("keeps a document once, under the hash of its bytes, for its owner's eyes only", async () => {
    await using place = await dataDirectory();
    expect(await place.documents.put("abc")).toBe(ABC);
    expect(await place.documents.put(new Uint8Array([0x61, 0x62, 0x63]))).toBe(ABC);
    expect(await place.documents.text(ABC)).toBe("abc");
    expect((await stat(pathOf(place.dir, ABC))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(place.dir, "blobs"))).toEqual(["ba"]);
  });

  it("gives back the lines it was given, however large", async () => {
    await using place = await dataDirectory();
    const values = Array.from({ length: 5_000 }, (_, n) => ({ n, name: `Zoë ${"x".repeat(n % 700)}\n` }));
    const { hash, lines } = await place.documents.putLines(values);
    expect(lines).toBe(5_000);
    expect(await all(place.documents.lines(hash))).toEqual(values);
  });

  it("takes an empty list", async () => {
    await using place = await dataDirectory();
    const { hash, lines } = await place.documents.putLines([]);
    expect(lines).toBe(0);
    expect(await all(place.documents.lines(hash))).toEqual([]);
  });

  it("refuses a document that was altered, and heals it when it is stored again", async () => {
    await using place = await dataDirectory();
    const { hash } = await place.documents.putLines([1, 2, 3]);
    await chmod(pathOf(place.dir, hash), 0o600);
    await writeFile(pathOf(place.dir, hash), "1\n2\n4\n");
    await expect(place.documents.get(hash)).rejects.toThrow(LedgerError);
    await expect(all(place.documents.lines(hash))).rejects.toThrow(LedgerError);
    await place.documents.putLines([1, 2, 3]);
    expect(await all(place.documents.lines(hash))).toEqual([1, 2, 3]);
  });

  it("says that a document is missing", async () => {
    await using place = await dataDirectory();
    await expect(place.documents.get(ABC)).rejects.toThrow(LedgerError);
    await expect(place.documents.get(sha256("../../etc/passwd"))).rejects.toThrow(LedgerError);
  });

  it("leaves nothing behind when the lines fail half-way", async () => {
    await using place = await dataDirectory();
    const failing = async function* () {
      yield 1;
      throw new Error("the source failed");
    };
    await expect(place.documents.putLines(failing())).rejects.toThrow("the source failed");
    expect(await readdir(join(place.dir, "blobs"))).toEqual([]);
  });

  it("leaves alone what another process writes under the temporary name that it drew as well", async () => {
    await using place = await dataDirectory();
    const drawn = "8c1f2f6e-3b1c-4f0e-9a55-0c6f8e1d2b3a";
    const taken = join(place.dir, "blobs", `.${drawn}.tmp`);
    await mkdir(join(place.dir, "blobs"));
    await writeFile(taken, "half a docu");
    vi.spyOn(crypto, "randomUUID").mockReturnValueOnce(drawn);
    syncBuiltinESMExports();
    await expect(place.documents.put("abc")).rejects.toThrow(LedgerError);
    expect(await readFile(taken, "utf8")).toBe("half a docu");
    expect(await place.documents.put("abc")).toBe(ABC);
  });

  it("keeps bytes that are no text as they are", async () => {
    await using place = await dataDirectory();
    const bytes = new Uint8Array([0, 255, 254, 10, 13]);
    const hash = await place.documents.put(bytes);
    expect(new Uint8Array(await place.documents.get(hash))).toEqual(bytes);
    expect(new Uint8Array(await readFile(pathOf(place.dir, hash)))).toEqual(bytes);
  });
});
