import { LocalError, type LocalModelsPort } from './ports';
import type { Pace } from './attempt';
import type { Finding } from './finding';

export interface LocalConfig {
  /** Such as `http://localhost:11434`. */
  readonly endpoint: string;
  /** Names of the config, or Ollama's own tags. */
  readonly models: readonly string[];
}

/**
 * Ollama's tags by the names that the config uses, the one to pull first. `latest` of these is the same size. From the
 * model library in https://github.com/ollama/ollama (README) and the tags at https://ollama.com/library, read 2026-11-23.
 */
const OLLAMA_TAGS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'llama-3.1-8b': ['llama3.1:8b', 'llama3.1:latest'],
  'mistral-7b': ['mistral:7b', 'mistral:latest'],
};

/** The tag to ask Ollama for; a name that is not known here is taken as a tag. */
export function ollamaTag(name: string): string {
  return OLLAMA_TAGS[name]?.[0] ?? name;
}

const LIST_MS = 5_000;
/** The first call loads the model from disk. */
const GENERATE_MS = 120_000;

/** What the guard's function says in place of a check: it cannot see its reader's machine, and that is nobody's fault. */
export function notVisibleFromAws(endpoint: string): Finding {
  return { check: 'local-endpoint', subject: endpoint, status: 'expected', detail: 'not visible from AWS' };
}

/** Checks the local models from the machine that this runs on. Never throws; one finding a model, or one for the endpoint. */
export async function checkLocalModels(
  port: LocalModelsPort,
  { endpoint, models }: LocalConfig,
  pace: Pick<Pace, 'elapsedMs' | 'timeout'>,
): Promise<readonly Finding[]> {
  let tags: readonly string[];
  try {
    tags = await port.tags(endpoint, pace.timeout(LIST_MS));
  } catch (error) {
    return [{ check: 'local-endpoint', subject: endpoint, status: 'warning', ...explain(endpoint, error) }];
  }
  if (models.length === 0) {
    const detail = `answers; no local models are configured, it has ${listed(tags)}`;
    return [{ check: 'local-endpoint', subject: endpoint, status: 'ok', detail }];
  }
  const findings: Finding[] = [];
  // One after the other: a laptop rarely holds two models in memory, and the latencies would be each other's.
  for (const model of models) findings.push(await checkModel(port, endpoint, model, tags, pace));
  return findings;
}

async function checkModel(
  port: LocalModelsPort,
  endpoint: string,
  model: string,
  tags: readonly string[],
  pace: Pick<Pace, 'elapsedMs' | 'timeout'>,
): Promise<Finding> {
  const base = { check: 'local-endpoint', subject: model } as const;
  const wanted = model.includes(':') ? ([model] as const) : OLLAMA_TAGS[model];
  if (wanted === undefined) {
    return {
      ...base,
      status: 'unknown',
      detail: `no Ollama tag is known for '${model}'; the endpoint has ${listed(tags)}`,
      fix: `write Ollama's own tag in models.local (such as llama3.1:8b); known names: ${Object.keys(OLLAMA_TAGS).join(', ')}`,
    };
  }
  const tag = wanted.find((one) => tags.includes(one));
  if (tag === undefined) {
    return {
      ...base,
      status: 'warning',
      detail: `not there; the endpoint has ${listed(tags)}`,
      fix: `ollama pull ${wanted[0]}`,
    };
  }
  const began = pace.elapsedMs();
  try {
    await port.generateOnce(endpoint, tag, pace.timeout(GENERATE_MS));
    return { ...base, status: 'ok', latencyMs: Math.round(pace.elapsedMs() - began), detail: `answered as ${tag}` };
  } catch (error) {
    const latencyMs = Math.round(pace.elapsedMs() - began);
    return { ...base, status: 'warning', latencyMs, ...explain(endpoint, error) };
  }
}

function explain(endpoint: string, error: unknown): { readonly detail: string; readonly fix?: string } {
  const { kind, text } = error instanceof LocalError ? error : { kind: undefined, text: String(error) };
  switch (kind) {
    case 'nothingListens':
      return {
        detail: `nothing listens at ${endpoint}`,
        fix: 'start it with `ollama serve`, or change models.local.endpoint in the config',
      };
    case 'unreachable':
      return {
        detail: `${endpoint} cannot be reached: ${text}`,
        fix: 'check the host name, the port and any firewall',
      };
    case 'notOllama':
      return { detail: `what answers at ${endpoint} is not Ollama: ${text}`, fix: 'check models.local.endpoint' };
    case 'httpStatus':
    case undefined:
      return { detail: `${endpoint} answered with an error: ${text}` };
  }
}

function listed(tags: readonly string[]): string {
  return tags.length === 0 ? 'no models' : tags.join(', ');
}
