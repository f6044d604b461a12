/**
 * Whether an address lies in a range written as CIDR; `false` for whatever is neither. An IPv4 address written in
 * IPv6 is the IPv4 address.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network
 */
export function isInRange(address: string, range: string): boolean {
  const [base = "", length = ""] = range.split("/");
  const [one, other] = [bitsOf(address), bitsOf(base)];
  if (one === null || other === null || one.length !== other.length) return false;
  const bits = length === "" ? one.length : Number(length);
  return Number.isInteger(bits) && bits >= 0 && one.slice(0, bits) === other.slice(0, bits);
}

function bitsOf(address: string): string | null {
  const text = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  return text.includes(":") ? bitsOfSix(text) : bitsOfFour(text);
}

function bitsOfFour(text: string): string | null {
  const bytes = text.split(".");
  const valid = bytes.length === 4 && bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) < 256);
  return valid ? bytes.map((byte) => Number(byte).toString(2).padStart(8, "0")).join("") : null;
}

function bitsOfSix(text: string): string | null {
  const [head = "", tail, ...more] = text.split("::");
  const [left, right] = [wordsOf(head), wordsOf(tail ?? "")];
  const missing = 8 - left.length - right.length;
  if (more.length > 0 || missing < 0 || (tail === undefined && missing > 0)) return null;
  const words = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  if (!words.every((word) => /^[0-9a-f]{1,4}$/.test(word))) return null;
  return words.map((word) => Number.parseInt(word, 16).toString(2).padStart(16, "0")).join("");
}

const wordsOf = (part: string): readonly string[] => (part === "" ? [] : part.split(":"));
