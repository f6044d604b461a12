/** Failures of name resolution, of connecting, of the proxy's CONNECT and of TLS, all of which come before a request. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_PROXY_TUNNEL|UND_ERR_PRX_TLS|EPROTO|CERT_.*|ERR_TLS_.*|ERR_SSL_.*|.*_SELF_SIGNED_CERT|SELF_SIGNED_CERT_.*|UNABLE_TO_(GET|VERIFY)_.*)$/;

/** Whether a failure of this code of Node's came before the vendor saw anything. */
export const isUnsent = (code: string): boolean => BEFORE_SENDING.test(code);
