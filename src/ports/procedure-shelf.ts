import type { Procedure } from "../domain/model/procedure.ts";

/** The stored procedures: those that ship with the product and those saved in the data directory. */
export interface ProcedureShelf {
  list(): Promise<readonly Procedure[]>;
  /** @throws {NotFoundError} no such procedure, or not that version; {ConfigurationError} its files are wrong. */
  get(id: string, hash?: string): Promise<Procedure>;
  /** Stores a procedure under the data directory. @throws {StateError} that id and version exist with other content. */
  save(procedure: Omit<Procedure, "hash">): Promise<Procedure>;
}
