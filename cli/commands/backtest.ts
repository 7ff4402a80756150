import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadGuard, type EnvironmentConfig, guardAt, linkImports, placeOf, usualConfig } from '../../config';
import { formatUsd, nanoUsd, type NanoUsd } from '../../core/money';
import type { Replay } from '../../core/replay';
import { replayReport, writeReport } from '../../simulator';
import { theOne } from '../environments';
import { UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import { besideSpent, replayData, replayed, replayLines } from '../replayed';
import type { CommandResult, Line } from '../result';
import { readingLines } from '../usage/account';
import { covered } from '../usage/covered';
import { checkGuarded, readAsSaid, type UsageOptions } from '../usage/options';
import { checkReportPath } from '../usage/report-path';
import type { World } from '../world';

export interface BacktestOptions extends UsageOptions {
  readonly env?: string | undefined;
  readonly usage?: string | undefined;
  readonly report?: string | undefined;
}

/** Two configurations on the same usage: which alerts would have fired, when it would have stopped, what that saves and denies. */
export async function backtest(a: string, b: string, options: BacktestOptions, world: World): Promise<CommandResult> {
  if (options.usage === undefined) {
    throw new UsageError('--usage: needed, such as a CSV with time, model, inputTokens, outputTokens');
  }
  const { usage, report } = options;
  if (report !== undefined) checkReportPath(report);
  const sides = [a, b].map((place) => {
    world.progress(`Reading the config of ${place}`);
    return { place, environment: theOne(environmentsAt(place, world.now()), options.env) };
  });
  const [first, second] = sides;
  if (first === undefined || second === undefined) throw new UsageError('two configs are needed');
  const { table, reading } = await readAsSaid(
    usage,
    options,
    sides.map(({ environment }) => environment),
    world,
  );
  const results = sides.map(({ place, environment }) => {
    world.progress(`Replaying ${reading.rows} rows with ${place}`);
    const part = covered(table, environment);
    checkGuarded(options, usage, place, part);
    return { place, environment, part, result: replayed(environment, part.rows, part.models) };
  });
  const [before, after] = results;
  if (before === undefined || after === undefined) throw new UsageError('two configs are needed');
  if (report !== undefined) {
    const environments = results.map(({ place, environment, part, result }) =>
      replayReport(environment, `${environment.name}, ${place}`, result, besideSpent(environment.name, result, part)),
    );
    const story = [`${reading.rows} rows of ${usage}, under ${a} and under ${b}.`];
    world.progress(writeReport(report, [{ title: 'Two configs on one usage', compared: true, story, environments }]));
  }
  return {
    exitCode: EXIT_CODES.ok,
    data: {
      usage,
      rows: reading.rows,
      reading,
      sides: results.map(({ place, environment, part, result }) => ({
        config: place,
        environment: environment.name,
        limit: environment.limit,
        ...replayData(result, part),
      })),
    },
    lines: [
      ...readingLines(reading),
      '',
      ...results.flatMap(({ place, environment, part, result }) => [
        `${place}:`,
        ...replayLines(environment, result, part),
        '',
      ]),
      ...comparison(before, after),
    ],
  };
}

interface Side {
  readonly place: string;
  readonly result: Replay;
}

function comparison(a: Side, b: Side): readonly Line[] {
  const stops = ({ result }: Side) => result.changes.filter(({ to }) => to === 'stopped');
  const first = (side: Side) => {
    const [stop] = stops(side);
    return stop === undefined ? 'never stops' : `stops first at ${new Date(stop.at).toISOString().slice(0, 16)}Z`;
  };
  return [
    `${b.place} instead of ${a.place}:`,
    `  spent   ${formatUsd(a.result.spent)} -> ${formatUsd(b.result.spent)} (${signed(b.result.spent, a.result.spent)})`,
    `  denied  ${formatUsd(a.result.denied)} -> ${formatUsd(b.result.denied)} (${signed(b.result.denied, a.result.denied)})`,
    `  mails   ${a.result.alerts.length} -> ${b.result.alerts.length}; stops ${stops(a).length} -> ${stops(b).length}`,
    `  ${a.place} ${first(a)}; ${b.place} ${first(b)}`,
  ];
}

function signed(after: NanoUsd, before: NanoUsd): string {
  if (after === before) return 'the same';
  return after > before ? `${formatUsd(nanoUsd(after - before))} more` : `${formatUsd(nanoUsd(before - after))} less`;
}

/**
 * The environments of a configuration file, or of the one in a git ref.
 * @throws UsageError where there is neither
 */
function environmentsAt(place: string, now: number): readonly EnvironmentConfig[] {
  const file = path.resolve(place);
  if (existsSync(file)) return loadGuard(guardAt(file).input, now, place).environments;
  return atRef(place, (copy) => loadGuard(guardAt(copy).input, now, place).environments);
}

/** The configuration of a git ref, read with the code of this version: what differs is the file alone. */
function atRef<T>(ref: string, read: (copy: string) => T): T {
  const usual = usualConfig();
  const { dir, base } = path.parse(placeOf(usual));
  let content: string;
  try {
    content = execFileSync('git', ['show', `${ref}:./${base}`], {
      cwd: dir,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch {
    throw new UsageError(`${ref}: neither a config file nor a git ref that has ${usual}`);
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-backtest-'));
  try {
    const beside = path.join(folder, path.basename(dir));
    mkdirSync(beside);
    writeFileSync(path.join(beside, base), content);
    linkImports(beside);
    return read(path.join(beside, base));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
