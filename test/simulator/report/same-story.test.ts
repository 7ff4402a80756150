import shipped from '../../../config/budget-tiers';
import { guardAt } from '../../../config/files';
import { loadGuard } from '../../../config/load';
import { SHIPPED_CONFIG } from '../../../config/home';
import { DAY_MS, HOUR_MS, type UtcDay, type UtcMonth } from '../../../core/calendar';
import { replayed, replayLines } from '../../../cli/replayed';
import { monthReport, replayReport } from '../../../simulator/report/html/sources';
import { page } from '../../../simulator/report/html/page';
import { replayEvents } from '../../../simulator/report/story';
import { monthText } from '../../../simulator/report/text';
import { day } from '../../../simulator/report/words';
import { allScenarios } from '../../../simulator/scenarios';
import type { MonthFrame, Scenario } from '../../../simulator/scenarios/scenario';
import { simulateMonth, type MonthResult } from '../../../simulator/simulate-month';
import { readAssembly } from '../../../simulator/template/assembly';
import { assemblyOf, removeAssemblies } from '../../cli/assemblies';

afterAll(removeAssemblies);

const MONTH = '2026-03' as UtcMonth;
/** A few days of a meter that runs each minute, on a machine that does other things too. */
jest.setTimeout(120_000);

interface Told {
  readonly when: string;
  readonly what: string;
}

/** The events of an environment, as a person reads them off the terminal. */
function ofText(text: string, name: string): readonly Told[] {
  const [, after = ''] = text.split(new RegExp(`^${name}: (?:what happened \\(UTC\\)|nothing fired\\.)\n`, 'm'));
  const [section = ''] = after.split(/^(?: {2}- |$)/m);
  return section
    .replace(/\n {10,}/g, ' ')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ when: line.slice(2, 14).trim(), what: line.slice(16) }));
}

/** And off the page. */
function ofPage(html: string, name: string): readonly Told[] {
  const [, after = ''] = html.split(`aria-label="${name}: what happened"`);
  const [table = ''] = after.split('</table>');
  return [...table.matchAll(/<th scope="row">([^<]*)<\/th>\s*<td\s*>([^<]*)<\/td>/g)].map(
    ([, when = '', what = '']) => ({
      when: day(Date.parse(`${when.replace(' ', 'T')}Z`)).trim(),
      what: unescaped(what),
    }),
  );
}

function factsOfPage(html: string): readonly string[] {
  return [...html.matchAll(/<dt>([^<]*)<\/dt>\s*<dd>([^<]*)<\/dd>/g)].map(
    ([, label = '', value = '']) => `${unescaped(label)}: ${unescaped(value)}`,
  );
}

function unescaped(text: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name] ?? '');
}

/** A program that begins on the 11th begins on the 2nd, and few days are played: a meter's month takes minutes. */
function early(scenario: Scenario): Scenario {
  // One whose prompts change begins with the month already.
  if (scenario.metered !== true || scenario.prompts !== undefined) return scenario;
  if (scenario.name.startsWith('shipped-')) return { ...scenario, days: 3 };
  const frame = ({ startMs, endMs }: MonthFrame) => ({ startMs: startMs - 9 * DAY_MS, endMs: endMs - 9 * DAY_MS });
  return {
    ...scenario,
    days: 4,
    demand: (environment, month) => scenario.demand(environment, frame(month)),
    ...(scenario.cloudWatch && {
      cloudWatch: (month: MonthFrame, atMs: number) => scenario.cloudWatch?.(frame(month), atMs) ?? 'well',
    }),
  };
}

const stacksOf = new Map<string, ReturnType<typeof readAssembly>>();

async function played(scenario: Scenario): Promise<MonthResult> {
  const { input } = guardAt(scenario.config ?? SHIPPED_CONFIG);
  const environments = loadGuard(input, 0).environments.filter(({ name }) => name === 'dev');
  const key = scenario.config ?? SHIPPED_CONFIG;
  const stacks = stacksOf.get(key) ?? readAssembly(assemblyOf(() => ({ dev: input.environments['dev'] })));
  stacksOf.set(key, stacks);
  return simulateMonth({ environments, stacks, scenario, month: MONTH, seed: 1 });
}

test.each(allScenarios.map((scenario) => [scenario.name, scenario] as const))(
  '%s: text and page tell the same, event by event and figure by figure',
  async (_name, scenario) => {
    const result = await played(early(scenario));
    const text = monthText(result);
    const html = page([monthReport(result)]);

    const told = ofText(text, 'dev');
    expect(told).toEqual(ofPage(html, 'dev'));
    const [outcome] = result.environments;
    const listed = result.journal.mails.filter(({ feature }) => feature !== 'cost-check').length;
    expect(told.filter(({ what }) => what.startsWith('mail: '))).toHaveLength(listed);
    expect(told.filter(({ what }) => what.startsWith('the meter: '))).toHaveLength(outcome!.meterChanges.length);

    const burns = outcome!.mails.filter(({ subject }) => subject.includes('prompts are cached')).length;
    expect(burns > 0).toBe(scenario.name === 'cache-miss');
    expect(text.includes('of the meter that a prompt cache costs more')).toBe(burns > 0);
    expect(html.includes('a prompt cache of dev cost more than it saved')).toBe(burns > 0);

    const facts = factsOfPage(html);
    expect(facts.length).toBeGreaterThan(6);
    for (const fact of facts) expect(text.replace(/\n {4}/g, ' ')).toContain(`  - ${fact}\n`);
  },
);

describe('a runaway that the meter stops', () => {
  let result: MonthResult;
  beforeAll(async () => {
    result = await played(early(allScenarios.find(({ name }) => name === 'runaway-metered')!));
  });

  test('the table names each stop of the meter, and what was denied', () => {
    const text = monthText(result);
    const stops = result.environments[0]!.meterChanges.filter(({ to }) => to === 'stopped');
    expect(stops.length).toBeGreaterThan(1);
    for (const { atMs } of stops) expect(text).toContain(`│ ${day(atMs)} all denied, meter`);
    expect(text).toMatch(/│ denied, not spent:/);
    expect(text).toContain(`Stops: ${stops.length} by the meter`);
  });

  test('the title says which days were played', () => {
    expect(monthText(result)).toMatch(
      /^The same runaway, with the meter, 2026-03-01 to 2026-03-04 \(runaway-metered\)\n/,
    );
    expect(page([monthReport(result)])).toContain(
      '<h1>The same runaway, with the meter, 2026-03-01 to 2026-03-04</h1>',
    );
  });
});

test("a quiet day beside a neighbour: nothing fires, though the neighbour's canary is in the same metrics", async () => {
  const quiet: Scenario = {
    ...allScenarios.find(({ name }) => name === 'quiet-month')!,
    metered: true,
    days: 1,
    demand: () => [{ kind: 'office', percentOfLimit: 1 }],
  };
  const { dev, staging } = guardAt(SHIPPED_CONFIG).input.environments;
  const { environments } = loadGuard({ environments: { dev: dev!, staging: staging! } }, 0);
  const stacks = readAssembly(assemblyOf(() => ({ dev, staging })));
  const result = await simulateMonth({ environments, stacks, scenario: quiet, month: MONTH, seed: 1 });
  const text = monthText(result);
  for (const name of ['dev', 'staging']) {
    expect(ofText(text, name)).toEqual([]);
    expect(text).toContain(`${name}: nothing fired.`);
  }
  expect(text).toContain('A quiet month, 2026-03-01 (quiet-month)');
});

test('a mail that something cannot be seen or counted comes with its reason', () => {
  const dev = loadGuard({ environments: { dev: shipped.environments.dev! } }, 0).environments[0]!;
  const finding = { kind: 'untrustedPrice' as const, understates: true, text: 'meta.x: its list price may be too low' };
  const month = {
    ...replayed(dev, []),
    alerts: [
      { at: 0, alert: { kind: 'findings' as const, key: 'a', day: '2026-03-01' as UtcDay, findings: [finding] } },
      {
        at: 1,
        alert: { kind: 'blind' as const, key: 'b', since: 0, why: 'CloudWatch answers PartialData', stops: false },
      },
      {
        at: 2,
        alert: {
          kind: 'findings' as const,
          key: 'c',
          day: '2026-03-02' as UtcDay,
          findings: [{ ...finding, kind: 'negative' as const, text: 'us-east-1 x: a negative count: left out' }],
        },
      },
    ],
  };
  expect(replayEvents(dev, month).map(({ text }) => text)).toEqual([
    'mail: the list price of a model may be too low (meta.x: its list price may be too low (real spend may be higher))',
    'mail: the meter is blind (Nothing has been seen in full since 1970-01-01 00:00 UTC: CloudWatch answers PartialData.)',
    'mail: the metrics hold points that cannot be counted (us-east-1 x: a negative count: left out (real spend may be higher))',
  ]);
});

test('a usage that is replayed: the lines of the command and the page tell the same', () => {
  const dev = loadGuard({ environments: { dev: shipped.environments.dev! } }, 0).environments[0]!;
  const tokens = { input: 20_000_000, output: 0, cacheRead: 0, cacheWrite: 0 };
  const start = Date.parse('2026-03-10T10:00:00Z');
  const rows = Array.from({ length: 48 }, (_, hour) => ({
    at: start + hour * HOUR_MS,
    spanMs: HOUR_MS,
    modelId: 'amazon.nova-lite-v1:0',
    tokens,
  }));
  const result = replayed(dev, rows);
  const lines = replayLines(dev, result).map((line) => (typeof line === 'string' ? line : line.text));
  const html = page([{ title: 'x', story: [], environments: [replayReport(dev, 'dev', result)] }]);
  const events = lines
    .filter((line) => /^ {2}2026-\d\d-\d\d \d\d:\d\d {2}/.test(line))
    .map((line) => ({ when: day(Date.parse(`${line.slice(2, 18).replace(' ', 'T')}Z`)).trim(), what: line.slice(20) }));
  expect(events.length).toBeGreaterThan(3);
  expect(events).toEqual(ofPage(html, 'dev'));
  for (const fact of factsOfPage(html)) expect(lines).toContain(`  ${fact}`);
});
