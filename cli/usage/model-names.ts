import { libraryModels, splitId, catalogue } from '../../config';

const TIER = /\+(priority|flex|default|reserved|standard)$/;
/** Counted as no tier at all. */
const PLAIN = ['default', 'standard'];
const MODEL_IN_ARN =
  /^arn:[^:]*:bedrock:[^:]*:[^:]*:(?:foundation-model|inference-profile|provisioned-model|custom-model)\/(.+)$/;
const APPLICATION_ARN = /^arn:[^:]*:bedrock:[^:]*:[^:]*:application-inference-profile\/(.+)$/;
/** LiteLLM's ways to name Bedrock's models: `bedrock/us-east-1/anthropic.…`, `bedrock/converse/…` (from public code; its docs, providers/bedrock, were not read). */
const GATEWAY = /^bedrock(?:_converse)?\/(?:(?:converse|invoke)\/)?(?:[a-z]{2}(?:-gov)?-[a-z]+-\d\/)?/;
const REMEMBERED = 10_000;

/** What a file calls its models, to ids as they are priced: with their scope, and a service tier after a plus. */
export class ModelNames {
  private readonly known = new Map<string, string>();
  private readonly byName = nameIndex();

  /** @param map from ids of application profiles, or any name that a file uses, to model ids */
  constructor(private readonly map: ReadonlyMap<string, string> = new Map()) {}

  /** A name that nobody knows stays as it is. */
  seriesOf(name: string): string {
    const found = this.known.get(name);
    if (found !== undefined) return found;
    const series = this.resolved(name.trim());
    if (this.known.size < REMEMBERED) this.known.set(name, series);
    return series;
  }

  private resolved(name: string): string {
    const tier = TIER.exec(name)?.[1];
    const plain = name.replace(TIER, '');
    const id = this.idOf(plain);
    const named = tier === undefined || PLAIN.includes(tier) ? id : `${id}+${tier}`;
    return id !== plain && TIER.test(id) ? id : named;
  }

  private idOf(name: string): string {
    const given = this.mapped(name);
    if (given !== undefined) return this.idOf(given);
    const bare = MODEL_IN_ARN.exec(name)?.[1] ?? name.replace(GATEWAY, '');
    if (bare !== name) return this.idOf(bare);
    if (isListed(name)) return name;
    const { scope, baseId } = splitId(name);
    const matching = this.byName.get(keyOf(apart(baseId))) ?? this.byName.get(keyOf(baseId)) ?? new Set();
    const [only, ...others] = matching;
    if (only === undefined || others.length > 0) return name;
    return scope === undefined ? only : `${scope}.${only}`;
  }

  private mapped(name: string): string | undefined {
    const profile = APPLICATION_ARN.exec(name)?.[1];
    const found = this.map.get(name) ?? (profile === undefined ? undefined : this.map.get(profile));
    return found === name ? undefined : found;
  }
}

/** An id of an application profile that no map has: whose tokens it counts cannot be seen in it. */
export function isApplicationProfile(name: string): boolean {
  return APPLICATION_ARN.test(name);
}

export function tierOf(series: string): string | undefined {
  return TIER.exec(series)?.[1];
}

export function withoutTier(series: string): string {
  return series.replace(TIER, '');
}

const listed = new Set([...libraryModels.map(({ id }) => id), ...catalogue.map(({ id }) => id)]);

function isListed(id: string): boolean {
  return listed.has(id) || listed.has(splitId(id).baseId);
}

/**
 * Other names of models: the vendor's own id (`claude-opus-4-1-20250805`), and a bill's (`Claude4.6Opus`, `NovaLite`), which has
 * the words of the name in another order. One that two models share is none.
 */
function nameIndex(): ReadonlyMap<string, ReadonlySet<string>> {
  const index = new Map<string, Set<string>>();
  const put = (name: string, baseId: string) => {
    for (const key of [keyOf(name), keyOf(apart(name))]) index.set(key, (index.get(key) ?? new Set()).add(baseId));
  };
  const models = [...libraryModels, ...catalogue.map(({ id, name }) => ({ baseId: id, name }))];
  for (const { baseId, name } of models) {
    put(baseId.slice(baseId.indexOf('.') + 1).replace(/-v\d+(?::\d+)?$/, ''), baseId);
    put(name, baseId);
  }
  return index;
}

/** `NovaLite` as Nova Lite. */
function apart(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2');
}

/** The words in any order, the numbers in theirs; `2.0` is `2`, and `4-6` is `4.6`. */
function keyOf(name: string): string {
  const lower = name.toLowerCase().replaceAll(/(\d)\.0(?!\d)/g, '$1');
  const words = lower.match(/[a-z]+/g) ?? [];
  const numbers = lower.match(/\d+/g) ?? [];
  return `${words.sort().join(' ')}|${numbers.join('.')}`;
}
