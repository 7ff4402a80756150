import { complete, type ClientConfig, type CompleteClientConfig, type StackOutput } from '../core/in-path';
import { DEEPEST, ENVIRONMENT_BUDGET, parentOf, PATH_PART } from '../core/shared-budgets';
import { either, fields, list, one, table, text, whole, type Check } from './shape';

const MOST_PROBLEMS = 5;

export interface ConfigSource {
  /** The content of `spend-guard-client.<environment>.json`, which synth writes beside the templates. */
  readonly config: unknown;
  /**
   * The content of the file that `cdk deploy --outputs-file` writes. Not needed with a file from
   * `spend-guard client-config`, which has the outputs in it.
   */
  readonly outputs?: unknown;
}

const amount = whole(0);
const count = whole(1);
const component = either(amount, one('unsupported'));
const prices = fields(
  { input: amount, output: amount, cacheRead: component, cacheWrite: component },
  { cacheWrite5m: amount, cacheWrite1h: amount },
);
const named = either(text, fields({ stack: text, output: text }));

const path: Check = (value, place, problems) => {
  const parts = typeof value === 'string' ? value.split('/') : [];
  if (parts.length > 0 && parts.length <= DEEPEST && parts.every((part) => PATH_PART.test(part))) return;
  problems.push(`${place}: must be the path of a budget, such as 'search/nightly', of at most ${DEEPEST} parts`);
};
const budget = fields({ path, period: one('month', 'week', 'day'), limit: amount }, { rolloverUpTo: amount });

/** Each after the one that it is within, and none twice. */
const budgets: Check = (value, place, problems) => {
  const before = problems.length;
  list(budget)(value, place, problems);
  if (problems.length > before) return;
  const seen = new Set([ENVIRONMENT_BUDGET]);
  for (const [at, node] of (value as readonly { readonly path: string }[]).entries()) {
    const parent = parentOf(node.path) ?? ENVIRONMENT_BUDGET;
    if (seen.has(node.path)) problems.push(`${place}.${at}.path: '${node.path}' stands there twice`);
    if (!seen.has(parent))
      problems.push(`${place}.${at}.path: '${parent}' must come before '${node.path}', which is within it`);
    seen.add(node.path);
  }
};

const clientConfig = fields(
  {
    schemaVersion: one(1),
    environment: text,
    region: text,
    leasesTable: named,
    limit: amount,
    requestLimits: fields({ perHour: count, perDay: count }),
    cacheMinutes: amount,
    inPath: fields({
      mode: one('exact', 'lease'),
      defaultMaxTokens: count,
      whenAway: either(fields({ kind: one('closed') }), fields({ kind: one('open'), cap: amount })),
    }),
    models: list(
      fields(
        { id: text, name: text, tier: one('small', 'large'), calledId: text, price: prices, priceSource: text },
        {
          baseId: text,
          profile: named,
          shortContext: fields({ upToTokens: count, price: prices }),
          maxOutputTokens: count,
        },
      ),
    ),
    localModels: fields({ endpoint: text, models: list(text) }),
  },
  { budgets },
);

const stackOutputs = table(table(text));

/** @throws TypeError that names every value that is wrong or missing, and where to get it */
export function loadConfig({ config, outputs = {} }: ConfigSource): CompleteClientConfig {
  refuse(clientConfig, config, 'not a client config of this release');
  refuse(stackOutputs, outputs, 'not a file of cdk deploy --outputs-file');
  const stacks = outputs as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const valueOf = ({ stack, output }: StackOutput) => stacks[stack]?.[output];
  const { config: completed, missing } = complete(config as ClientConfig, valueOf);
  if (missing.length === 0) return completed;
  throw new TypeError(
    `the client config of ${completed.environment} lacks what only its deployment knows: ` +
      `${missing.map(({ stack, output }) => `${stack}.${output}`).join(', ')}. Give the file of \`cdk deploy --outputs-file\` as ` +
      `\`outputs\`, or use the one that \`spend-guard client-config --env ${completed.environment}\` writes.`,
  );
}

function refuse(check: Check, value: unknown, what: string): void {
  const problems: string[] = [];
  check(value, '', problems);
  if (problems.length > 0) throw new TypeError(`${what}: ${problems.slice(0, MOST_PROBLEMS).join('; ')}`);
}
