import { MINUTE_MS } from '../../../core/calendar';
import { BEDROCK, componentOf, MANTLE, type TokenComponent } from '../../../core/meter';
import { shown } from '../problems';
import {
  listOf,
  recordOf,
  textOf,
  type Fields,
  type Outcome,
  type Part,
  type ReadRow,
  type RecordReader,
  type Said,
  type UsageFormat,
} from './format';
import { durationOf } from './table';

const ASK_PERIOD =
  'how long each sum stands for is not in the answer: give the Period of the request, such as --period 1h';

/**
 * What `aws cloudwatch get-metric-data` prints, or the SDK's answer as JSON; several pages as an array, or one a line. Each
 * result's label holds the model and the metric, as CloudWatch's own labels of several metrics do:
 * `amazon.nova-lite-v1:0 InputTokenCount`; a word `period=3600` in it, or the request saved with the answer
 * (MetricDataQueries, or StartTime and EndTime of a single sum), says how long its sums are.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html (where to check, not read)
 */
export const metricData: UsageFormat = {
  name: "CloudWatch's answer of GetMetricData",
  lacks: ['single calls', 'how long cache writes live: they count at the dearer price'],
  fits: (keys) => keys.has('MetricDataResults'),
  lists: [['MetricDataResults', '[]']],
  open: (said) => new MetricData(said),
};

class MetricData implements RecordReader {
  private readonly statuses = new Map<string, { readonly status: string; readonly label: string }>();
  private nextToken = false;

  constructor(private readonly said: Said) {}

  read(answer: Fields, part?: Part): Outcome {
    this.nextToken = textOf(answer['NextToken']) !== undefined;
    const results = listOf(answer['MetricDataResults']).map(recordOf);
    // The place of a part is named where it is read.
    const placeOf = (index: number) => (part === undefined ? `MetricDataResults[${index}]: ` : '');
    const outcomes = results.map((result, index) => this.resultRows(result, placeOf(index), answer));
    const problems = outcomes.flatMap((one) => ('problems' in one ? one.problems : []));
    return problems.length > 0 ? { problems } : { rows: outcomes.flatMap((one) => ('rows' in one ? one.rows : [])) };
  }

  /** Partial data is whole once a later part of the same query says so. */
  end(): readonly string[] {
    const partial = [...this.statuses].filter(([, { status }]) => status !== 'Complete');
    return [
      ...(this.nextToken ? ['NextToken: the answer has further pages: save all of them, the last without it'] : []),
      ...partial.map(
        ([id, { status, label }]) =>
          `${id} (${label}): StatusCode is ${status}, not Complete: tokens are missing; ask CloudWatch again`,
      ),
    ];
  }

  private resultRows(
    result: Fields,
    place: string,
    answer: Fields,
  ): { rows: readonly ReadRow[] } | { problems: readonly string[] } {
    const label = textOf(result['Label']) ?? '';
    const id = textOf(result['Id']) ?? label;
    const timestamps = listOf(result['Timestamps']);
    const values = listOf(result['Values']);
    this.statuses.set(id, { status: textOf(result['StatusCode']) ?? 'Complete', label });
    const bad = (text: string) => ({ problems: [`${place}${text}`] });
    const words = label.split(/[\s,]+/);
    const metric = words.map(componentNamed).find((one) => one !== undefined);
    if (metric === undefined) return bad(`label ${shown(label)} names no token metric, such as InputTokenCount`);
    const model = words.find(isModel) ?? this.said.model;
    if (model === undefined) return bad(`label ${shown(label)} names no model; give it with --model`);
    if (timestamps.length !== values.length) return bad(`${timestamps.length} timestamps and ${values.length} values`);
    const single = values.length <= 1 ? lengthOf(answer, this.said) : undefined;
    const periodMs = this.said.periodMs ?? periodOf(words) ?? queriedPeriod(answer, id) ?? single;
    return points(
      timestamps.map((time, at) => ({ time, value: values[at], place: `${place}Timestamps[${at}] ` })),
      { model, metric, periodMs, place },
      this.said,
    );
  }
}

/**
 * What `aws cloudwatch get-metric-statistics` prints: one metric, whose label is its name alone. The model is `--model`, or
 * stands in Dimensions where the request was saved with the answer. Several as an array, or one a line.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html (where to check, not read)
 */
export const metricStatistics: UsageFormat = {
  name: "CloudWatch's answer of GetMetricStatistics",
  lacks: ['single calls', 'how long cache writes live: they count at the dearer price'],
  fits: (keys) => keys.has('Datapoints') && keys.has('Label'),
  lists: [['Datapoints', '[]']],
  open: (said) => new MetricStatistics(said),
};

class MetricStatistics implements RecordReader {
  /** Of an answer whose points come one by one: the first, until it shows whether it is the only one. */
  private waiting: unknown;
  private since: number | undefined;
  private readonly told = new Set<string>();

  constructor(private readonly said: Said) {}

  read(answer: Fields, part?: Part): Outcome {
    if (part === undefined) return statisticsRows(answer, this.said);
    if (part.kind === 'rest') return this.rest(answer);
    if (answer['Label'] === undefined) {
      return this.only({ problems: ['in an answer this long Label must come before Datapoints, as AWS prints it'] });
    }
    if (part.at > 0 && this.waiting !== undefined)
      return this.only({ problems: [`${textOf(answer['Label']) ?? ''}: ${ASK_PERIOD}`] });
    if (part.at === 0 && periodSaid(answer, this.said) === undefined) {
      [this.waiting] = listOf(answer['Datapoints']);
      return { rows: [] };
    }
    const outcome = statisticsRows(answer, this.said, { since: this.since });
    if ('rows' in outcome) this.since ??= outcome.rows[0]?.at;
    return this.only(outcome);
  }

  private rest(answer: Fields): Outcome {
    const { waiting } = this;
    this.waiting = undefined;
    this.since = undefined;
    if (waiting === undefined) return { rows: [] };
    return this.only(statisticsRows({ ...answer, Datapoints: [waiting] }, this.said));
  }

  /** What is wrong with the answer is wrong with each of its points. */
  private only(outcome: Outcome): Outcome {
    if (!('problems' in outcome)) return outcome;
    const problems = outcome.problems.filter((text) => !this.told.has(text));
    for (const text of problems) this.told.add(text);
    return problems.length > 0 ? { problems } : { rows: [] };
  }
}

function periodSaid(answer: Fields, { periodMs }: Said): number | undefined {
  return periodMs ?? durationOf(answer['Period']);
}

/** @param part of an answer whose points come one by one: where the first one begins, as far as it is known */
function statisticsRows(answer: Fields, said: Said, part?: { readonly since: number | undefined }): Outcome {
  const label = textOf(answer['Label']) ?? '';
  const metric = componentNamed(label);
  if (metric === undefined) return { problems: [`label ${shown(label)} is no token metric, such as InputTokenCount`] };
  const dimensions = listOf(answer['Dimensions']).map(recordOf);
  const model = said.model ?? textOf(dimensions.find(({ Name }) => Name === 'ModelId' || Name === 'Model')?.['Value']);
  if (model === undefined) {
    return { problems: [`${label}: an answer of GetMetricStatistics names no model: give it with --model`] };
  }
  const datapoints = listOf(answer['Datapoints']).map(recordOf);
  if (datapoints.some((point) => point['Sum'] === undefined)) {
    return { problems: [`${label}: the datapoints have no Sum; ask with --statistics Sum`] };
  }
  const periodMs =
    periodSaid(answer, said) ?? (datapoints.length <= 1 && part === undefined ? lengthOf(answer, said) : undefined);
  return points(
    datapoints.map((point, at) => ({
      time: point['Timestamp'],
      value: point['Sum'],
      place: part === undefined ? `Datapoints[${at}] ` : '',
    })),
    { model, metric, periodMs, place: `${label}: `, since: part?.since },
    said,
  );
}

interface Metered {
  readonly model: string;
  readonly metric: TokenComponent;
  readonly periodMs: number | undefined;
  /** Of the answer, in its file, as a beginning of what is said of it. */
  readonly place: string;
  /** Where the first of its sums begins, if it was read before. */
  readonly since?: number | undefined;
}

function points(
  all: readonly { readonly time: unknown; readonly value: unknown; readonly place: string }[],
  { model, metric, periodMs, place, since }: Metered,
  { times }: Said,
): { rows: readonly ReadRow[] } | { problems: readonly string[] } {
  const problems: string[] = [];
  if (all.length === 0) return { rows: [] };
  if (periodMs === undefined) return { problems: [`${place}${ASK_PERIOD}`] };
  if (periodMs < MINUTE_MS) return { problems: [`${place}the period must be a minute or more`] };
  const rows = all.flatMap(({ time, value, place: point }): ReadRow[] => {
    const read = times.read(time);
    if (typeof read === 'string') problems.push(`${point}${read.replace(/^time /, '')}`);
    else if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      problems.push(`${point.replace('Timestamps', 'Values')}must be a whole number, 0 or more, got ${shown(value)}`);
    else {
      const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, [metric]: value };
      return [{ at: read.at, spanMs: periodMs, model, tokens }];
    }
    return [];
  });
  // Sums of one answer begin a whole number of periods apart.
  const first = since ?? rows[0]?.at ?? 0;
  const odd = rows.find(({ at }) => (at - first) % periodMs !== 0);
  if (odd !== undefined) {
    problems.push(
      `${place}sums of ${periodMs / MINUTE_MS} minutes cannot begin at ${iso(first)} and at ${iso(odd.at)}: the period is another`,
    );
  }
  return problems.length > 0 ? { problems } : { rows };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function componentNamed(metric: string): TokenComponent | undefined {
  for (const namespace of [BEDROCK, MANTLE]) {
    const found = componentOf({ namespace, region: '', metric, dimensions: {} });
    if (found !== undefined && found !== 'unpriced') return found;
  }
  return undefined;
}

/** Of a label's words: what is no metric, no period and no namespace. An application profile's id looks like nothing else. */
function isModel(word: string): boolean {
  if (word === '' || componentNamed(word) !== undefined || /^period=/i.test(word)) return false;
  return word.startsWith('arn:') || !word.includes('/');
}

function periodOf(words: readonly string[]): number | undefined {
  const word = words.find((one) => /^period=/i.test(one));
  return word === undefined ? undefined : durationOf(word.slice('period='.length));
}

function queriedPeriod(answer: Fields, id: string): number | undefined {
  const query = listOf(answer['MetricDataQueries'])
    .map(recordOf)
    .find((one) => one['Id'] === id);
  return (
    durationOf(recordOf(query?.['MetricStat'])['Period']) ??
    durationOf(query?.['Period']) ??
    durationOf(answer['Period'])
  );
}

/** Of a request saved with its answer: one sum stands for all of it. */
function lengthOf(answer: Fields, { times }: Said): number | undefined {
  const [from, to] = [times.read(answer['StartTime']), times.read(answer['EndTime'])];
  return typeof from === 'string' || typeof to === 'string' || to.at <= from.at ? undefined : to.at - from.at;
}
