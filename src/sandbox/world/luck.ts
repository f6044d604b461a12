import { hash } from "node:crypto";

const MULTIPLIER_A = 2_654_435_761;
const MULTIPLIER_B = 1_597_334_677;

/** Reproducible chance: every answer depends on the seed and its key alone, never on what was asked before. */
export class Luck {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A number in [0, 1). Two 32-bit multiplicative hashes make its 53 bits: fast enough for millions of sign-ins. */
  chance(key: string): number {
    let a = 0xdeadbeef ^ this.#seed;
    let b = 0x41c6ce57 ^ this.#seed;
    for (let index = 0; index < key.length; index += 1) {
      const code = key.charCodeAt(index);
      a = Math.imul(a ^ code, MULTIPLIER_A);
      b = Math.imul(b ^ code, MULTIPLIER_B);
    }
    a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
    b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
    return ((b & 0x1fffff) * 2 ** 32 + (a >>> 0)) / 2 ** 53;
  }

  /** A GUID of version 4's shape. */
  guid(key: string): string {
    const hex = hash("sha1", `${this.#seed}:${key}`, "hex");
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number, key: string): number {
    return low + Math.floor(this.chance(key) * (high - low + 1));
  }

  /** One of a non-empty list. */
  pick<T>(list: readonly [T, ...T[]], key: string): T {
    return list[Math.floor(this.chance(key) * list.length)] ?? list[0];
  }
}
