/** A GUID as four words of 32 bits. */
const WORDS = 4;
const FIRST_SLOTS = 1 << 10;
/** Beyond this share the slots are doubled, so that few places have to be looked at. */
const FULLEST = 0.7;

/**
 * Ids that were seen, as few bytes of them as it takes: a GUID is sixteen where its text in a `Set` is some hundred, and
 * a log has a million. An id of another form is kept as text.
 */
export class IdSet {
  readonly #others = new Set<string>();
  readonly #words = new Uint32Array(WORDS);
  #slots = new Uint32Array(FIRST_SLOTS * WORDS);
  #size = 0;

  /** Takes an id in; `false`: it was there. */
  add(id: string): boolean {
    if (!this.#read(id)) {
      const before = this.#others.size;
      return this.#others.add(id).size > before;
    }
    if (this.#size + 1 > (this.#slots.length / WORDS) * FULLEST) this.#grow();
    const isNew = put(this.#slots, this.#words);
    if (isNew) this.#size += 1;
    return isNew;
  }

  /** Whether the text is a GUID, whose words then stand in `#words`. All zeros mark a free slot, so that one is text. */
  #read(id: string): boolean {
    if (id.length !== 36) return false;
    this.#words.fill(0);
    let digits = 0;
    for (let index = 0; index < id.length; index++) {
      const code = id.charCodeAt(index);
      const isDash = index === 8 || index === 13 || index === 18 || index === 23;
      if (isDash && code === 45) continue;
      const digit = hexDigit(code);
      if (isDash || digit < 0) return false;
      const word = digits >> 3;
      this.#words[word] = ((this.#words[word] ?? 0) << 4) | digit;
      digits += 1;
    }
    return this.#words.some((word) => word !== 0);
  }

  #grow(): void {
    const wider = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += WORDS) {
      const words = this.#slots.subarray(at, at + WORDS);
      if (!isFree(words, 0)) put(wider, words);
    }
    this.#slots = wider;
  }
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Puts the words into their slot, or the next free one after it. */
function put(slots: Uint32Array, words: Uint32Array): boolean {
  const count = slots.length / WORDS;
  let slot = hashOf(words) % count;
  for (;;) {
    const at = slot * WORDS;
    if (isFree(slots, at)) {
      slots.set(words, at);
      return true;
    }
    if (isSame(slots, at, words)) return false;
    slot = (slot + 1) % count;
  }
}

const isFree = (slots: Uint32Array, at: number): boolean =>
  slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0 && slots[at + 3] === 0;

const isSame = (slots: Uint32Array, at: number, words: Uint32Array): boolean =>
  slots[at] === words[0] && slots[at + 1] === words[1] && slots[at + 2] === words[2] && slots[at + 3] === words[3];

/** Ids of a log often differ in few places only, so every word is stirred in. */
function hashOf(words: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < WORDS; index++) {
    hash = Math.imul(hash ^ (words[index] ?? 0), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
