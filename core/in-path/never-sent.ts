/** `ECONNRESET` and timeouts are not here: the request may have arrived. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * A certificate that the client did not accept: nothing is written before.
 * https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes (2026-11)
 */
const CERTIFICATE = [
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED', 'CERT_REVOKED'],
  ...[
    'CERT_UNTRUSTED',
    'CERT_REJECTED',
    'CERT_CHAIN_TOO_LONG',
    'CERT_SIGNATURE_FAILURE',
    'INVALID_CA',
    'INVALID_PURPOSE',
  ],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY'],
  ...['UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'ERROR_IN_CERT_NOT_BEFORE_FIELD', 'ERROR_IN_CERT_NOT_AFTER_FIELD'],
  ...['UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CRL_SIGNATURE', 'CRL_SIGNATURE_FAILURE', 'CRL_NOT_YET_VALID'],
  ...['CRL_HAS_EXPIRED', 'ERROR_IN_CRL_LAST_UPDATE_FIELD', 'ERROR_IN_CRL_NEXT_UPDATE_FIELD', 'PATH_LENGTH_EXCEEDED'],
];

/** The request is refused by the client's own HTTP. https://nodejs.org/docs/latest-v20.x/api/errors.html (2026-11) */
const REQUEST = [
  ...['ERR_INVALID_CHAR', 'ERR_INVALID_HTTP_TOKEN', 'ERR_HTTP_INVALID_HEADER_VALUE', 'ERR_UNESCAPED_CHARACTERS'],
  ...[
    'ERR_INVALID_PROTOCOL',
    'ERR_INVALID_URL',
    'ERR_HTTP2_INVALID_CONNECTION_HEADERS',
    'ERR_HTTP2_INVALID_PSEUDOHEADER',
  ],
  ...['ERR_HTTP2_INVALID_HEADER_VALUE', 'ERR_HTTP2_HEADER_SINGLE_VALUE', 'ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED'],
];

/** A handshake without TLS or without a protocol in common, as OpenSSL 3 numbers it and as Node names it. */
const HANDSHAKE = [
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
];
const HANDSHAKE_NUMBERS = /:error:0A000(10B|460|42E|410):/;

/** nghttp2's error for a server whose first bytes are no HTTP/2. A server of HTTP/2 breaks off with a frame, which is another. */
const NO_HTTP2 = -505;
const SETTINGS_FRAME = 4;

interface NodeError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
  readonly rawPacket?: unknown;
}

/** Over HTTP/2 the request is cancelled because of it: ERR_HTTP2_STREAM_CANCEL, caused by ECONNREFUSED. */
export function neverConnected({ code }: NodeError): boolean {
  return typeof code === 'string' && NOT_CONNECTED.includes(code);
}

/** The client or the handshake refused the request: no model can have read it, and none would. */
export function neverArrived({ code, errno, message, rawPacket }: NodeError): boolean {
  if (typeof code !== 'string') return false;
  if ([...CERTIFICATE, ...REQUEST, ...HANDSHAKE].includes(code)) return true;
  if (code === 'EPROTO') return HANDSHAKE_NUMBERS.test(String(message));
  if (code === 'ERR_HTTP2_ERROR') return errno === NO_HTTP2;
  // A server of HTTP/2 greets a client of HTTP/1.
  return code === 'HPE_INVALID_CONSTANT' && rawPacket instanceof Uint8Array && isSettings(rawPacket);
}

function isSettings(frame: Uint8Array): boolean {
  return frame[0] === 0 && frame[3] === SETTINGS_FRAME;
}
