import {
  type CompleteClientConfig,
  type ModelNames,
  isConverse,
  type MeteredOperation,
  converseShape,
  record,
  DEFAULT_TIER_LIMITS,
  ladder,
  tierFor,
  type Candidate,
} from '../core/in-path';
import type { CallOptions } from './call-options';
import type { SpendGuardOptions } from './options';
import { SpendGuardRefused } from './refusal';

/** Who may answer, in this order. At least one. @throws SpendGuardRefused */
export function candidatesFor(
  operation: MeteredOperation,
  input: object,
  state: 'open' | 'degraded',
  config: CompleteClientConfig,
  names: ModelNames,
  options: CallOptions & Pick<SpendGuardOptions, 'tierLimits'>,
  runsLocally: (input: object) => boolean,
): readonly Candidate[] {
  const found = named(operation, input, config, names, options, runsLocally);
  if (state === 'open') return found;
  const cheaper = found.filter(({ tier }) => tier !== 'large');
  if (cheaper.length > 0) return cheaper;
  const smaller = ladder('small', offerOf(config), 'small');
  if (options.allowSmaller === true && isConverse(operation) && smaller.length > 0) return smaller;
  throw new SpendGuardRefused({
    code: 'DEGRADED',
    message:
      `${config.environment} has spent so much of its budget that only small models may be called. Ask for one of ` +
      `${names.all
        .filter(({ tier }) => tier === 'small')
        .map(({ id }) => `'${id}'`)
        .join(', ')}, or allow it ` +
      '(allowSmaller; Converse and ConverseStream only).',
    retryAfterSeconds: 300,
  });
}

function named(
  operation: MeteredOperation,
  input: object,
  config: CompleteClientConfig,
  names: ModelNames,
  options: CallOptions & Pick<SpendGuardOptions, 'tierLimits'>,
  runsLocally: (input: object) => boolean,
): readonly Candidate[] {
  const { tier, upTo } = options;
  if (tier !== undefined && isConverse(operation)) {
    const from = tier === 'auto' ? byRequest(input, config, options) : tier;
    const offer = { ...offerOf(config), local: runsLocally(input) ? config.localModels.models : [] };
    const found = ladder(from, offer, upTo);
    if (found.length > 0) return found;
    throw noModel(
      `no model from tier '${from}' up to '${upTo ?? 'large'}' is in the config, or can take this request`,
      names,
    );
  }
  const { modelId } = record(input);
  const model = typeof modelId === 'string' ? names.find(modelId) : 'the request names no model';
  if (typeof model === 'string') throw noModel(model, names);
  return [{ tier: model.tier, model }];
}

function byRequest(input: object, config: CompleteClientConfig, { tierLimits }: Pick<SpendGuardOptions, 'tierLimits'>) {
  const shape = converseShape(input);
  const bytes = Buffer.byteLength(JSON.stringify(record(input)['messages'] ?? []));
  return tierFor(shape, bytes, shape.maxTokens ?? config.inPath.defaultMaxTokens, tierLimits ?? DEFAULT_TIER_LIMITS);
}

function offerOf(config: CompleteClientConfig) {
  return { local: config.localModels.models, models: config.models };
}

function noModel(why: string, names: ModelNames): SpendGuardRefused {
  return new SpendGuardRefused({
    code: 'UNKNOWN_PRICE',
    message: `${why}: call one of ${names.all.map(({ id }) => `'${id}'`).join(', ')}, or add it to the config and deploy.`,
  });
}
