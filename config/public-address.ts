/**
 * Link-local, private and shared addresses, and 0.0.0.0/8: RFC 1122, 1918, 3927 and 6598. Not 127.0.0.0/8: behind it a function in Lambda
 * has nothing but itself, and the local AWS its receivers.
 */
const NOT_PUBLIC_4 = /^(0|10|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/;

/** The same of IPv6, RFC 4193 and 4291: loopback, none, unique local, link-local. */
const NOT_PUBLIC_6 = /^(::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;

/** An IPv4 address within one of IPv6: two groups of 16 bits, as a URL writes it, or four numbers, as a resolver does. */
const MAPPED = /^::ffff:(?:([0-9a-f]{1,4}):([0-9a-f]{1,4})|([\d.]+))$/i;

const LOOPBACK = /^(127\.[\d.]+|::1)$/;

/** Names that only one machine or one network knows: RFC 6761 and 6762, and what a VPC gives. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal)$/;

/** @param hostname of a URL, which has every spelling of an address in one form already */
export function isPublicHost(hostname: string): boolean {
  const host = unmapped(hostname.replace(/^\[|\]$|\.$/g, ''));
  return ![NOT_PUBLIC_4, NOT_PUBLIC_6, LOCAL_NAME].some((form) => form.test(host));
}

/** An address behind which a machine finds itself. @param address as a resolver answers it */
export function isLoopbackAddress(address: string): boolean {
  return LOOPBACK.test(unmapped(address));
}

/** The IPv4 address where there is one within. */
function unmapped(host: string): string {
  const [, high, low, dotted] = MAPPED.exec(host) ?? [];
  if (high !== undefined && low !== undefined) return `${bytes(high)}.${bytes(low)}`;
  return dotted ?? host;
}

function bytes(group: string): string {
  const value = Number.parseInt(group, 16);
  return `${Math.floor(value / 256)}.${value % 256}`;
}
