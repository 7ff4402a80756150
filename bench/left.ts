import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { median, milliseconds, ROOT, type Result } from './measure';

const ROUNDS = 15;
const BASELINE = 'node -e 0';
const ANSWER = JSON.stringify({
  environment: 'dev',
  budgets: ['', 'search', 'search/nightly'].map((budget) => ({
    ...{ budget, period: '2026-11', limitUsd: 50, spentUsd: 12.34, heldUsd: 0.5, remainingUsd: 37.16 },
    ...{ percent: 25.68, resetsAt: '2026-12-01T00:00:00.000Z' },
  })),
});

/** What a terminal waits for, each time that it draws its status line. */
export async function benchLeft(): Promise<readonly Result[]> {
  const server = createServer((_, response) => response.end(ANSWER));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const samples = { measured: [] as number[], baseline: [] as number[] };
  let late = 0;
  // In turns, as `interleaved` does, but not in its way: the server in this process must have its turns too.
  for (let round = 0; round <= ROUNDS; round++) {
    const measured = await run([LEFT, 'left', '--url', url]);
    const baseline = await run(['-e', '0']);
    if (round === 0) continue;
    samples.measured.push(measured.ms);
    samples.baseline.push(baseline.ms);
    // A busy machine may keep even this server from answering in time: then the line says so, in the same time.
    if (measured.status !== 0) late += 1;
  }
  server.closeAllConnections();
  server.close();
  const raw = `${milliseconds(samples.measured)}, ${late} of ${ROUNDS} without an answer; baseline ${milliseconds(samples.baseline)}`;
  const beyond = median(samples.measured) - median(samples.baseline);
  return [
    {
      what: 'spend-guard left',
      unit: 'seconds',
      value: median(samples.measured) / 1000,
      goal: 0.1,
      baseline: BASELINE,
      raw,
    },
    {
      what: 'spend-guard left, beyond bare Node',
      unit: 'milliseconds',
      value: beyond,
      goal: 60,
      baseline: BASELINE,
      raw,
    },
  ];
}

const LEFT = path.join(ROOT, 'bin/spend-guard.js');

function run(args: readonly string[]): Promise<{ readonly ms: number; readonly status: number | null }> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject).on('close', (status) => resolve({ ms: performance.now() - begin, status }));
  });
}
