import { UsageError } from '../../errors';
import { cur, focus } from './bill';
import { ccusage } from './ccusage';
import type { ListPath, UsageFormat } from './format';
import { invocationLogs } from './invocation-logs';
import { liteLlm } from './litellm';
import { metricData, metricStatistics } from './metrics';
import { otelSpans } from './otel-spans';
import { table } from './table';

export type { UsageFormat } from './format';

/** The one with the fewest demands comes last. */
export const FORMATS: readonly UsageFormat[] = [
  invocationLogs,
  metricData,
  metricStatistics,
  cur,
  focus,
  ccusage,
  liteLlm,
  otelSpans,
  table,
];

/** Of every format. */
export const LISTS: readonly ListPath[] = FORMATS.flatMap(({ lists = [] }) => lists);

/** Of an object too long to hold, from the list that it has at the top; its other keys may come later. */
export function formatOfList(key: string): UsageFormat | undefined {
  return FORMATS.find(({ lists = [] }) => lists.some(([first]) => first === key));
}

/** @throws UsageError where the keys, or the header, are of nothing that is read */
export function formatOf(file: string, names: readonly string[]): UsageFormat {
  const keys = new Set(names);
  const found = FORMATS.find((one) => one.fits(keys));
  if (found) return found;
  const shown = names.slice(0, 8).join(', ');
  const known = FORMATS.map(({ name }) => name).join('; ');
  const what = shown === '' ? 'it holds no names' : `no known format has the names ${shown}`;
  throw new UsageError(
    `--usage ${file}: ${what}; known are ${known}. A CSV begins with its header, such as time,model,inputTokens,outputTokens`,
  );
}
