import type { IncomingHttpHeaders } from 'node:http';

/** For the connection, not for the one behind it (RFC 9110, 7.6.1), in requests and in answers. */
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
]);

/** What is said anew, and what is the callers' own and nobody's behind the server. */
const OURS = new Set([
  ...['authorization', 'host', 'content-length', 'expect', 'cookie', 'x-api-key'],
  ...['x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256', 'x-amz-region-set'],
  ...['forwarded', 'via', 'x-real-ip'],
]);

/** A caller's headers that Bedrock is sent: all that a newer SDK may add, but none of what authorizes or belongs to the connection. */
export function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  const named = namedIn(headers.connection);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':') || HOP_BY_HOP.has(name) || OURS.has(name) || named.has(name))
      continue;
    if (name.startsWith('x-spend-guard-') || name.startsWith('x-forwarded-')) continue;
    kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return kept;
}

/** Bedrock's headers that a caller is given. */
export function answered(headers: Readonly<Record<string, string>>): Record<string, string> {
  const named = namedIn(headers['connection']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name)));
}

function namedIn(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
