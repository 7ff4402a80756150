import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const RESETS = '2026-12-01T00:00:00.000Z';
export const budget = (name: string, limitUsd: number, remainingUsd: number, more: object = {}) => ({
  budget: name,
  period: '2026-11',
  limitUsd,
  spentUsd: limitUsd - remainingUsd,
  heldUsd: 0,
  remainingUsd,
  percent: Math.floor(Math.round(((limitUsd - remainingUsd) / limitUsd) * 1e6) / 100) / 100,
  resetsAt: RESETS,
  ...more,
});
export const dev = (...budgets: readonly object[]) => ({ environment: 'dev', budgets });
export const PLENTY = dev(budget('', 50, 37.66));

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const telling = (body: unknown, status = 200) =>
  serving((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
