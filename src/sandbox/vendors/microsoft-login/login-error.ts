import type { VendorResponse } from "../../core/vendor.ts";

/**
 * An error in the form of the token endpoint.
 *
 * @see learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function loginError(error: string, code: number, description: string): VendorResponse {
  return {
    // Entra answers a wrong client credential with 401 and every other refusal of a grant with 400.
    status: error === "invalid_client" ? 401 : 400,
    body: {
      error,
      error_description: `AADSTS${code}: ${description}`,
      error_codes: [code],
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}
