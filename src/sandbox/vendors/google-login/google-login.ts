import type { Vendor, VendorFactory } from "../../core/vendor.ts";
import { grantToken, refusal } from "./token-grant.ts";

const PAGE = "<!DOCTYPE html><html lang=en><title>Sign in - Google Accounts</title><p>Sign in to continue</p></html>";

/** Google's authorization server, for one service account: tokens for Gmail in a mailbox's name, for BigQuery in its own. */
export const googleLogin: VendorFactory = (box) =>
  ({
    name: "google-login",
    hosts: ["oauth2.googleapis.com"],
    // developers.google.com/identity/protocols/oauth2/service-account
    routes: [{ method: "POST", path: "/token", handle: (request) => grantToken(box, request) }],
    notFound: () => ({ status: 404, headers: { "content-type": "text/html" }, body: PAGE }),
    htmlPage: PAGE,
    failure: (status) => refusal(status, "internal_failure", "Backend Error"),
    dump: () => ({}),
  }) satisfies Vendor;
