import { ConnectorLagError } from "../../errors.ts";

/** @param taken - What the vendor took: "Entra has made the policy". */
export const notShownYet = (taken: string): ConnectorLagError =>
  new ConnectorLagError(`${taken} but does not show it yet.`, {
    nextStep: "Call the same tool again in a minute; it looks first and repeats nothing that is done.",
  });
