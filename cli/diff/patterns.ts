import { BlockList, isIP } from 'node:net';

/** Whether everything that `value`, itself perhaps with wildcards, matches is matched by the pattern. */
export function includes(pattern: string, value: string): boolean {
  if (pattern === value || pattern === '*') return true;
  if (!/[*?]/.test(pattern)) return false;
  const source = pattern
    // A reference of the template, such as ${AWS::AccountId}, is text.
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    // A `?` is one character; the value's `*` may be many.
    .replace(/\?/g, '[^*]');
  return new RegExp(`^${source}$`, 's').test(value);
}

/** Whether a range of addresses, or one, lies in another. */
export function isWithin(range: string, wider: string): boolean {
  if (range === wider) return true;
  const [from, to] = [cidr(range), cidr(wider)];
  if (!from || !to || from.family !== to.family || from.bits < to.bits) return false;
  const list = new BlockList();
  list.addSubnet(to.address, to.bits, to.family);
  return list.check(from.address, from.family);
}

function cidr(
  text: string,
): { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', bits] = text.split('/');
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const size = bits === undefined ? most : Number(bits);
  if (!Number.isInteger(size) || size < 0 || size > most) return undefined;
  return { address, bits: size, family: version === 4 ? 'ipv4' : 'ipv6' };
}
