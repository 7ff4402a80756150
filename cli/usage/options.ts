import { readFileSync } from 'node:fs';
import { type EnvironmentConfig, libraryPrice, splitId } from '../../config';
import type { ApplicationProfile } from '../../core/meter';
import { UsageError } from '../errors';
import type { World } from '../world';
import type { UsageRead } from './account';
import type { Covered } from './covered';
import { listOf, recordOf, textOf } from './formats/format';
import { durationOf } from './formats/table';
import { ModelNames, withoutTier } from './model-names';
import { shown } from './problems';
import { readUsage } from './read';
import { isZone, Times } from './times';

/** What a person says of a usage file that it does not say itself. */
export interface UsageOptions {
  readonly period?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly model?: string | undefined;
  readonly profiles?: string | undefined;
  readonly onlyGuarded?: true | undefined;
}

/** From `--profiles`: ask AWS, with the caller's own credentials. */
const ASK_ACCOUNT = 'account';

/** @throws UsageError */
export async function readAsSaid(
  file: string,
  options: UsageOptions,
  environments: readonly EnvironmentConfig[],
  world: World,
): Promise<UsageRead> {
  const { period, timeZone, model, profiles } = options;
  const periodMs = period === undefined ? undefined : durationOf(period);
  if (period !== undefined && (periodMs === undefined || periodMs === 0)) {
    throw new UsageError(`--period ${period}: not a period; allowed: seconds, or such as 1m, 5m, 1h or 1d`);
  }
  if (timeZone !== undefined && !isZone(timeZone)) {
    throw new UsageError(`--time-zone ${timeZone}: no time zone; allowed: UTC, or a name such as Europe/Berlin`);
  }
  world.progress(`Reading ${file}`);
  const names = new ModelNames(profiles === undefined ? new Map() : await profileMap(profiles, environments, world));
  const read = await readUsage(file, {
    said: { times: new Times(timeZone), periodMs, model },
    names,
    progress: world.progress,
  });
  refuseUnknown(file, read, environments);
  return read;
}

/** @throws UsageError with `--only-guarded` where an environment lacks a model of the usage */
export function checkGuarded({ onlyGuarded }: UsageOptions, file: string, name: string, { notGuarded }: Covered): void {
  if (!onlyGuarded || notGuarded.length === 0) return;
  const models = notGuarded.map(({ modelId, sharePercent }) => `${modelId} (${sharePercent}%)`).join(', ');
  throw new UsageError(
    `--usage ${file}: ${name} does not have ${models}; leave --only-guarded out to count them as not guarded`,
  );
}

/** A file of nothing but names that nobody knows is a file of other names, and not one that cost nothing. */
function refuseUnknown(file: string, { table }: UsageRead, environments: readonly EnvironmentConfig[]): void {
  const models = [...new Set(environments.flatMap((one) => one.models.map(({ id }) => id)))];
  const isKnown = (series: string) => {
    const id = withoutTier(series);
    return (
      'price' in libraryPrice(id) || models.some((one) => one === id || splitId(one).baseId === splitId(id).baseId)
    );
  };
  if (table.seriesIds.some(isKnown)) return;
  const [first = '', ...others] = table.seriesIds;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new UsageError(
    `--usage ${file}: unknown model ${shown(first)}${more}; known: ${models.join(', ')}, and the price library's; --profiles says what other names call`,
  );
}

/**
 * What application profiles call: a JSON file, from their ids or ARNs to model ids, or the answer of
 * `aws bedrock list-inference-profiles`; or the account itself, in the environments' Regions.
 */
async function profileMap(
  said: string,
  environments: readonly EnvironmentConfig[],
  world: World,
): Promise<ReadonlyMap<string, string>> {
  if (said !== ASK_ACCOUNT) return fromFile(said);
  const map = new Map<string, string>();
  for (const region of new Set(environments.map((one) => one.region))) {
    const environment = environments.find((one) => one.region === region);
    if (environment === undefined) continue;
    world.progress(`Asking for the application profiles of ${region}`);
    const { profiles } = await world.services(environment);
    for (const profile of await profiles.list(region)) put(map, profile);
  }
  return map;
}

function put(map: Map<string, string>, { arn, id, modelIds }: ApplicationProfile): void {
  const [modelId] = modelIds;
  if (modelId === undefined) return;
  map.set(id, modelId);
  map.set(arn, modelId);
}

function fromFile(file: string): ReadonlyMap<string, string> {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is no JSON' : 'it could not be read';
    throw new UsageError(
      `--profiles ${file}: ${why}; give a JSON file from ids to models, such as {"abc123": "amazon.nova-lite-v1:0"}, or ${ASK_ACCOUNT}`,
    );
  }
  const summaries = listOf(recordOf(found)['inferenceProfileSummaries']).map(recordOf);
  if (summaries.length > 0) {
    return new Map(
      summaries.flatMap((one) => {
        const modelArn = textOf(recordOf(listOf(one['models'])[0])['modelArn']);
        const ids = [one['inferenceProfileId'], one['inferenceProfileArn']].flatMap((id) => textOf(id) ?? []);
        return modelArn === undefined ? [] : ids.map((id) => [id, modelArn] as const);
      }),
    );
  }
  const entries = Object.entries(recordOf(found));
  const wrong = entries.find(([, model]) => textOf(model) === undefined);
  if (entries.length === 0 || wrong) {
    const what = wrong ? `${shown(wrong[0])} must name a model, got ${shown(wrong[1])}` : 'it names no profile';
    throw new UsageError(`--profiles ${file}: ${what}`);
  }
  return new Map(entries.map(([id, model]) => [id, String(model)]));
}
