import * as z from 'zod/mini';
import { complete, type CompleteClientConfig, type StackOutput } from '../core/in-path/config';
import { nanoUsd } from '../core/money';
import type { PicoUsd } from '../core/prices';

export interface ConfigSource {
  /** The content of `spend-guard-client.<environment>.json`, which synth writes beside the templates. */
  readonly config: unknown;
  /**
   * The content of the file that `cdk deploy --outputs-file` writes. Not needed with a file from
   * `spend-guard client-config`, which has the outputs in it.
   */
  readonly outputs?: unknown;
}

const money = z.pipe(
  z.int().check(z.nonnegative()),
  z.transform((nano: number) => nanoUsd(nano)),
);
const price = z.pipe(
  z.int().check(z.nonnegative()),
  z.transform((pico: number) => pico as PicoUsd),
);
const component = z.union([price, z.literal('unsupported')]);
const prices = z.strictObject({
  input: price,
  output: price,
  cacheRead: component,
  cacheWrite: component,
  cacheWrite5m: z.optional(price),
  cacheWrite1h: z.optional(price),
});
const named = z.union([z.string().check(z.minLength(1)), z.strictObject({ stack: z.string(), output: z.string() })]);
const count = z.int().check(z.positive());

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  environment: z.string().check(z.minLength(1)),
  region: z.string().check(z.minLength(1)),
  leasesTable: named,
  limit: money,
  requestLimits: z.strictObject({ perHour: count, perDay: count }),
  cacheMinutes: z.int().check(z.nonnegative()),
  inPath: z.strictObject({
    mode: z.enum(['exact', 'lease']),
    defaultMaxTokens: count,
    whenAway: z.union([
      z.strictObject({ kind: z.literal('closed') }),
      z.strictObject({ kind: z.literal('open'), cap: money }),
    ]),
  }),
  models: z.array(
    z.strictObject({
      id: z.string(),
      baseId: z.optional(z.string()),
      name: z.string(),
      tier: z.enum(['small', 'large']),
      calledId: z.string(),
      profile: z.optional(named),
      price: prices,
      shortContext: z.optional(z.strictObject({ upToTokens: count, price: prices })),
      maxOutputTokens: z.optional(count),
      priceSource: z.string(),
    }),
  ),
  localModels: z.strictObject({ endpoint: z.string(), models: z.array(z.string()) }),
});

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** @throws TypeError that names every value that is wrong or missing, and where to get it */
export function loadConfig({ config, outputs = {} }: ConfigSource): CompleteClientConfig {
  const parsed = schema.safeParse(config);
  if (!parsed.success) throw new TypeError(`not a client config of this release: ${problems(parsed.error)}`);
  const stacks = outputsSchema.safeParse(outputs);
  if (!stacks.success) throw new TypeError(`not a file of cdk deploy --outputs-file: ${problems(stacks.error)}`);
  const valueOf = ({ stack, output }: StackOutput) => stacks.data[stack]?.[output];
  const { config: completed, missing } = complete(parsed.data, valueOf);
  if (missing.length === 0) return completed;
  throw new TypeError(
    `the client config of ${completed.environment} lacks what only its deployment knows: ` +
      `${missing.map(({ stack, output }) => `${stack}.${output}`).join(', ')}. Give the file of \`cdk deploy --outputs-file\` as ` +
      `\`outputs\`, or use the one that \`spend-guard client-config --env ${completed.environment}\` writes.`,
  );
}

function problems(error: z.core.$ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
    .join('; ');
}
