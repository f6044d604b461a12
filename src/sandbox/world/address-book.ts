/** Where accounts get their addresses, each given out once. */
export class AddressBook {
  readonly mailDomain: string;
  readonly tenantDomain: string;
  readonly #taken = new Set<string>();

  constructor(mailDomain: string, tenantDomain: string) {
    this.mailDomain = mailDomain;
    this.tenantDomain = tenantDomain;
  }

  /** A free part before the @: the wanted one, else with the next number. */
  reserve(wanted: string): string {
    let local = wanted;
    for (let number = 2; this.#taken.has(local); number += 1) local = `${wanted}${number}`;
    this.#taken.add(local);
    return local;
  }

  /** Takes the wanted part if it is free. */
  reserveExactly(wanted: string): boolean {
    if (this.#taken.has(wanted)) return false;
    this.#taken.add(wanted);
    return true;
  }
}
