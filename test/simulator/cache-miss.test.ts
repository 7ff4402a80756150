import { guardAt } from '../../config/files';
import { loadGuard } from '../../config/load';
import { HOUR_MS, type UtcMonth } from '../../core/calendar';
import { monthStart } from '../../core/calendar';
import { picoUsdPerToken } from '../../core/prices';
import { cacheMiss, cacheTurn } from '../../simulator/scenarios/cache-miss';
import type { Scenario } from '../../simulator/scenarios/scenario';
import { simulateMonth } from '../../simulator/simulate-month';
import { readAssembly } from '../../simulator/template/assembly';
import { assemblyOf } from '../cli/assemblies';

const MONTH = '2026-03' as UtcMonth;
const startMs = monthStart(MONTH);
const turnMs = cacheTurn({ startMs });
const file = cacheMiss.config!;

async function play(scenario: Scenario) {
  const { input } = guardAt(file);
  const environments = loadGuard(input, 0, file).environments.filter(({ name }) => name === 'dev');
  const stacks = readAssembly(assemblyOf(() => ({ dev: input.environments['dev'] })));
  const result = await simulateMonth({ environments, stacks, scenario, month: MONTH, seed: 1 });
  return { result, told: result.journal.mails.filter(({ subject }) => subject.includes('prompts are cached')) };
}

test('a prompt that changes at 02:00 is told of in the night, once, with the ratio, what it costs and since when', async () => {
  const { result, told } = await play(cacheMiss);
  expect(result.violations).toEqual([]);
  expect(told).toHaveLength(1);
  const [{ atMs, body, subject }] = told as [(typeof told)[0]];
  expect(atMs).toBeGreaterThan(turnMs + 2 * HOUR_MS);
  expect(atMs).toBeLessThan(turnMs + 3 * HOUR_MS);
  expect(body).toContain(
    '0 tokens read from the cache for each one written, it pays from 0.28 on; earlier this month it had 12.',
  );
  expect(body).toContain('since about 2026-03-03 02:00 UTC');
  expect(subject).toMatch(/up to \$\d+\.\d\d more in 2 hours$/);
  // What the same calls cost, by prices of their own: 13 of 14 input tokens written at $2.20 instead of read at $0.11.
  const large = result.environments[0]!.environment.models.find(({ tier }) => tier === 'large')!;
  expect(large.price).toMatchObject({ cacheRead: picoUsdPerToken('0.11'), cacheWrite: picoUsdPerToken('2.2') });
  const spent = Number(/Cache writes are 81% of \$(\d+\.\d\d)/.exec(body)?.[1]);
  const lost = Number(/cost up to \$(\d+\.\d\d) \(/.exec(body)?.[1]);
  const above = Number(/would have cost up to \$(\d+\.\d\d) \(/.exec(body)?.[1]);
  const mix = 1.1 + 5.5 + 13 * 2.2;
  expect(lost / spent).toBeCloseTo((13 * (2.2 - 1.1)) / mix, 2);
  expect(above / spent).toBeCloseTo((12 * (2.2 - 0.11)) / mix, 2);
  // The stop is another matter: its lines hold, and are not reached.
  expect(result.environments[0]!.stops).toEqual([]);
});

test('the same service whose prompt stays as it is: nobody is told', async () => {
  const steady: Scenario = { ...cacheMiss, days: 3, prompts: (month) => ({ mix: cacheMiss.prompts!(month).mix }) };
  const { result, told } = await play(steady);
  expect(told).toEqual([]);
  // The scenario itself says that it has not shown what it is there for.
  expect(result.violations).toEqual([
    'dev: nobody was told by the morning that the prompt cache is written and not read',
  ]);
});
