import { isIP } from 'node:net';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether nobody outside of this machine reaches it. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/**
 * Which Host headers are ours. On loopback a page that a browser has open may resolve its own name to 127.0.0.1 and ask (DNS
 * rebinding): its Host says so. Elsewhere a key is required, which no page has, and names are those of load balancers.
 */
export function ourHosts(host: string, port: number): (header: string | undefined) => boolean {
  if (!isLoopback(host)) return (header) => header !== undefined && header !== '';
  const own = isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
  const names = new Set(
    [...LOOPBACK_NAMES, own].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]),
  );
  return (header) => header !== undefined && names.has(header.toLowerCase());
}
