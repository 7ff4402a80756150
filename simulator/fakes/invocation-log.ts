import { utcDay, type UtcDay } from '../../core/calendar';
import type { InvocationLogPort, LogAnswer, LogRow } from '../../core/spenders';

/** A record of Bedrock, as far as the guard looks at it; what else one holds is whatever it is. */
export interface InvocationRecord {
  readonly schemaType?: string;
  /** ISO time, UTC. */
  readonly timestamp: string;
  readonly modelId?: string;
  readonly identity?: { readonly arn?: string };
  readonly errorCode?: string;
  readonly input?: {
    readonly inputTokenCount?: number;
    readonly cacheReadInputTokenCount?: number;
    readonly cacheWriteInputTokenCount?: number;
    readonly [more: string]: unknown;
  };
  readonly output?: { readonly outputTokenCount?: number; readonly [more: string]: unknown };
  readonly [more: string]: unknown;
}

/** Answers over the records it is given as Logs Insights does, a row for each caller and model that has any. */
export class FakeInvocationLog implements InvocationLogPort {
  /** What was asked for, as `<log group> <day>`: each is paid for. */
  readonly asked: string[] = [];
  /** In place of the next answers. */
  failure?: (day: UtcDay) => LogAnswer | Error | undefined;
  /** Rows of an answer at most. */
  mostRows = Number.POSITIVE_INFINITY;

  constructor(readonly groups: ReadonlyMap<string, readonly InvocationRecord[]> = new Map()) {}

  async usage(logGroup: string, day: UtcDay): Promise<LogAnswer> {
    this.asked.push(`${logGroup} ${day}`);
    const failure = this.failure?.(day);
    if (failure instanceof Error) throw failure;
    if (failure) return failure;
    const records = this.groups.get(logGroup);
    if (records === undefined) return { kind: 'missing' };
    const scanned = records.filter(({ timestamp }) => utcDay(Date.parse(timestamp)) === day);
    const matched = scanned.map(discovered).filter((fields) => fields.get('schemaType') === 'ModelInvocationLog');
    const rows = new Map<string, LogRow>();
    for (const fields of matched) {
      const [arn = '', modelId = ''] = ['identity.arn', 'modelId'].map((name) => String(fields.get(name) ?? ''));
      const key = JSON.stringify([arn, modelId]);
      rows.set(key, plus(rows.get(key), fields, arn, modelId));
    }
    return {
      kind: 'known',
      rows: [...rows.values()].sort((a, b) => b.tokens.output - a.tokens.output).slice(0, this.mostRows),
      recordsMatched: matched.length,
      recordsScanned: scanned.length,
      bytesScanned: scanned.reduce((sum, record) => sum + JSON.stringify(record).length, 0),
    };
  }
}

/** What Logs Insights finds in a record, by dotted names: the source stands in local/extension/insights.py. */
const DISCOVERED = 200;

function discovered(record: InvocationRecord): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  const walk = (value: unknown, name: string) => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key : `${name}.${key}`);
    } else if (fields.size < DISCOVERED && value !== undefined && value !== null) fields.set(name, value);
  };
  walk(record, '');
  return fields;
}

function plus(row: LogRow | undefined, fields: ReadonlyMap<string, unknown>, arn: string, modelId: string): LogRow {
  const has = (name: string) => (fields.has(name) ? 1 : 0);
  const value = (name: string) => Number(fields.get(name) ?? 0);
  return {
    arn,
    modelId,
    calls: (row?.calls ?? 0) + 1,
    failed: (row?.failed ?? 0) + has('errorCode'),
    withInput: (row?.withInput ?? 0) + has('input.inputTokenCount'),
    withOutput: (row?.withOutput ?? 0) + has('output.outputTokenCount'),
    tokens: {
      input: (row?.tokens.input ?? 0) + value('input.inputTokenCount'),
      output: (row?.tokens.output ?? 0) + value('output.outputTokenCount'),
      cacheRead: (row?.tokens.cacheRead ?? 0) + value('input.cacheReadInputTokenCount'),
      cacheWrite: (row?.tokens.cacheWrite ?? 0) + value('input.cacheWriteInputTokenCount'),
    },
  };
}
