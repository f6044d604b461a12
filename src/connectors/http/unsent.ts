/**
 * Failures of name resolution, of connecting, of the proxy's CONNECT and of the TLS handshake, all of which come before a
 * request. Of OpenSSL's errors only those that nothing but a handshake raises: others also end a connection on which a
 * request has left.
 */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_PROXY_TUNNEL|UND_ERR_PRX_TLS|CERT_.*|ERR_TLS_CERT_.*|ERR_TLS_HANDSHAKE_TIMEOUT|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|.*_ALERT_(PROTOCOL_VERSION|HANDSHAKE_FAILURE))|.*_SELF_SIGNED_CERT|SELF_SIGNED_CERT_.*|UNABLE_TO_(GET|VERIFY)_.*)$/;

/** Whether a failure of this code of Node's came before the vendor saw anything. */
export const isUnsent = (code: string): boolean => BEFORE_SENDING.test(code);
