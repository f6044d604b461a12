import type { Exchange } from "./exchange.ts";

/** A vendor's own machine-readable word on its interface. */
export interface Contract {
  /** What in an exchange the vendor's contract does not allow; empty where all is well. */
  deviations(exchange: Exchange): readonly string[];
}
