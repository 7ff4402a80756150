import { lookup } from 'node:dns/promises';
import { resolver } from '../../../cli/doctor/hosts';

jest.mock('node:dns/promises', () => ({ lookup: jest.fn() }));

const answers = (answer: unknown) => (lookup as unknown as jest.Mock).mockImplementation(async () => answer);
const fails = (code: string) =>
  (lookup as unknown as jest.Mock).mockRejectedValue(Object.assign(new Error(`getaddrinfo ${code} x`), { code }));

test('all addresses of a name', async () => {
  answers([
    { address: '203.0.113.7', family: 4 },
    { address: '2001:db8::7', family: 6 },
  ]);
  expect(await resolver(false).addresses('hooks.example.com')).toEqual(['203.0.113.7', '2001:db8::7']);
  expect(lookup).toHaveBeenCalledWith('hooks.example.com', { all: true });
});

test.each(['ENOTFOUND', 'ENODATA'])('%s: there is none', async (code) => {
  fails(code);
  expect(await resolver(false).addresses('x')).toEqual([]);
});

test('a resolver that does not answer does not say that there is none', async () => {
  fails('EAI_AGAIN');
  await expect(resolver(false).addresses('x')).rejects.toThrow('EAI_AGAIN');
});
