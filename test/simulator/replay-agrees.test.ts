import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { replayed } from '../../cli/replayed';
import shipped from '../../config/budget-tiers';
import { SHIPPED_CONFIG } from '../../config/home';
import type { EnvironmentConfig } from '../../config/guard-config';
import { loadGuard } from '../../config/load';
import { HOUR_MS, MINUTE_MS, monthStart, type UtcMonth } from '../../core/calendar';
import { usd } from '../../core/money';
import type { UsageRow } from '../../core/replay/usage';
import { runawayMetered } from '../../simulator/scenarios/runaway-metered';
import type { Scenario } from '../../simulator/scenarios/scenario';
import { simulateMonth } from '../../simulator/simulate-month';
import { readAssembly } from '../../simulator/template/assembly';
import type { GuardStack } from '../../simulator/template/guard-stack';
import { Timeline } from '../../simulator/timeline';
import { World } from '../../simulator/world/world';
import { assemblyOf, removeAssemblies } from '../cli/assemblies';
import { CliWorld } from '../cli/world';

const MONTH = '2026-03' as UtcMonth;
const DAYS = 2;
const SEED = 1;
const HOURS = { from: 3, to: 30 };
/** The scenario's program on the first day instead of the eleventh, over a midnight. */
const scenario: Scenario = {
  ...runawayMetered,
  days: DAYS,
  demand: (_environment, { startMs }) => [
    { kind: 'office', percentOfLimit: 42 },
    {
      kind: 'surge',
      fromMs: startMs + HOURS.from * HOUR_MS,
      toMs: startMs + HOURS.to * HOUR_MS,
      percentOfLimitPerHour: 20,
      tier: 'large',
    },
  ],
};

const folder = mkdtempSync(path.join(tmpdir(), 'replay-agrees-'));
afterAll(() => {
  removeAssemblies();
  rmSync(folder, { recursive: true });
});

/** What callers of the simulated world ask for while nobody denies them anything: a row a minute and model, in its middle. */
function asked(config: EnvironmentConfig, stack: GuardStack): readonly UsageRow[] {
  const startMs = monthStart(MONTH);
  const month = { startMs, endMs: startMs + DAYS * 24 * HOUR_MS };
  const world = new World({ environments: [{ config, stack }], scenario, month, seed: SEED }, new Timeline(startMs));
  const { usage } = world.place(config.name);
  const rows: UsageRow[] = [];
  for (let at = startMs; at < month.endMs; at += MINUTE_MS) {
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    const before = usage.tokens(hour, hour + HOUR_MS);
    usage.advanceTo(at + MINUTE_MS);
    usage.tokens(hour, hour + HOUR_MS).forEach(([model, after], index) => {
      const then = before[index]![1];
      const tokens = {
        input: after.input - then.input,
        output: after.output - then.output,
        cacheRead: after.cacheRead - then.cacheRead,
        cacheWrite: after.cacheWrite - then.cacheWrite,
      };
      if (tokens.input > 0) rows.push({ at: at + MINUTE_MS / 2, spanMs: 0, modelId: model.id, tokens });
    });
  }
  return rows;
}

function csv(rows: readonly UsageRow[]): string {
  const lines = rows.map(({ at, modelId, tokens: { input, output, cacheRead, cacheWrite } }) =>
    [new Date(at).toISOString(), modelId, input, output, cacheRead, cacheWrite].join(','),
  );
  const file = path.join(folder, 'usage.csv');
  const header = 'time,model,inputTokens,outputTokens,cacheReadTokens,cacheWriteTokens';
  writeFileSync(file, [header, ...lines, ''].join('\n'));
  return file;
}

test('the same runaway is stopped in the same minutes, after the same money, by the scenario, by --usage and by backtest', async () => {
  const environments = loadGuard({ environments: { dev: shipped.environments.dev! } }, 0).environments;
  const stacks = readAssembly(assemblyOf(({ dev }) => ({ dev })));
  const rows = asked(environments[0]!, stacks[0]!);

  const played = await simulateMonth({ environments, stacks, scenario, month: MONTH, seed: SEED });
  const [outcome] = played.environments;
  const byScenario = outcome!.meterChanges.map(({ atMs, to, reason }) => ({
    at: new Date(atMs).toISOString(),
    to,
    reason,
  }));
  expect(byScenario.map(({ to }) => to)).toEqual(['stopped', 'open', 'stopped']);

  const inside = replayed(environments[0]!, rows);
  const changes = inside.changes.map(({ at, to, reason }) => ({ at: new Date(at).toISOString(), to, reason }));
  // The scenario ends with its last day; a replay goes on until the last of its usage has shown, over that midnight.
  const afterwards = { at: '2026-03-03T00:00:00.000Z', to: 'open', reason: 'spend is under every line' };
  expect(changes).toEqual([...byScenario, afterwards]);
  expect(Math.abs(inside.spent - outcome!.spent)).toBeLessThan(usd('0.0001'));
  expect(Math.abs(inside.denied - outcome!.refused)).toBeLessThan(usd('0.0001'));

  const file = csv(rows);
  const simulated = await new CliWorld().run('simulate', '--usage', file, '--env', 'dev', '--json');
  const compared = await new CliWorld().run(
    'backtest',
    SHIPPED_CONFIG,
    SHIPPED_CONFIG,
    '--usage',
    file,
    '--env',
    'dev',
    '--json',
  );
  for (const side of [simulated.json().environments[0], ...compared.json().sides]) {
    expect(side.changes).toMatchObject(changes);
    expect(side.changes).toHaveLength(changes.length);
    expect([side.spent, side.denied]).toEqual([inside.spent, inside.denied]);
    expect(side.assumed).toEqual({ metricDelayMinutes: 2, tickMinutes: 1, enforcementMinutes: 1 });
  }
});
