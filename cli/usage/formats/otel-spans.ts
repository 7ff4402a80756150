import { countOf } from '../counts';
import { shown } from '../problems';
import {
  listOf,
  recordOf,
  textOf,
  withoutCache,
  type Fields,
  type Outcome,
  type Part,
  type ReadRow,
  type RecordReader,
  type Said,
  type UsageFormat,
} from './format';

const INPUT = ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'];
const OUTPUT = ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'];
const READ = ['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'];
const WRITE = ['gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens'];
/** Of one call; an agent's span repeats the tokens of the calls within it. */
const CALLS = ['chat', 'text_completion', 'generate_content', 'embeddings'];

/**
 * OTLP as JSON, as the collector's file exporter writes it: `resourceSpans`, one document or one a line. Attributes by the
 * GenAI conventions: `gen_ai.provider.name` is `aws.bedrock` (earlier `gen_ai.system`), and the cache's tokens are part of
 * `gen_ai.usage.input_tokens`. https://github.com/open-telemetry/semantic-conventions docs/gen-ai/aws-bedrock.md,
 * opentelemetry-js ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, opentelemetry-proto examples/trace.json (read 2026-11-28).
 */
export const otelSpans: UsageFormat = {
  name: 'OpenTelemetry GenAI spans',
  lacks: ['how long cache writes live: they count at the dearer price'],
  fits: (keys) => keys.has('resourceSpans'),
  lists: [['resourceSpans', '[]', 'scopeSpans', '[]', 'spans', '[]']],
  open: (said) => new Spans(said),
};

class Spans implements RecordReader {
  /** In the document whose parts are read. */
  private hasCalls = false;

  constructor(private readonly said: Said) {}

  read(document: Fields, part?: Part): Outcome {
    const outcome = rowsOf(document, (nanos) => this.said.times.read(nanos));
    if (part === undefined || 'problems' in outcome) return outcome;
    // A document is left out as one, where none of its spans is a call.
    if (part.kind === 'part') {
      if ('leftOut' in outcome) return { rows: [] };
      this.hasCalls = true;
      return outcome;
    }
    const isNone = !this.hasCalls;
    this.hasCalls = false;
    return isNone ? outcome : { rows: [] };
  }
}

function rowsOf(
  document: Fields,
  timeOf: (nanos: unknown) => ReturnType<Parameters<UsageFormat['open']>[0]['times']['read']>,
): Outcome {
  const spans = listOf(document['resourceSpans'])
    .map(recordOf)
    .flatMap((one) => listOf(one['scopeSpans']).map(recordOf))
    .flatMap((one) => listOf(one['spans']).map(recordOf));
  const outcomes = spans.map((span) => spanRow(span, timeOf));
  const problems = outcomes.flatMap((one) => (typeof one === 'object' && 'problem' in one ? [one.problem] : []));
  if (problems.length > 0) return { problems };
  const rows = outcomes.flatMap((one) => (typeof one === 'object' && 'row' in one ? [one.row] : []));
  return rows.length > 0 ? { rows } : { leftOut: 'spans that are no calls of Bedrock' };
}

function spanRow(
  span: Fields,
  timeOf: (nanos: unknown) => { readonly at: number } | string,
): { readonly row: ReadRow } | { readonly problem: string } | undefined {
  const attributes = new Map(
    listOf(span['attributes'])
      .map(recordOf)
      .map((one) => [String(one['key']), valueOf(one['value'])] as const),
  );
  const first = (names: readonly string[]) =>
    names.map((name) => attributes.get(name)).find((one) => one !== undefined);
  const provider = first(['gen_ai.provider.name', 'gen_ai.system']);
  const operation = attributes.get('gen_ai.operation.name');
  if (provider !== 'aws.bedrock' && provider !== 'aws_bedrock') return undefined;
  if (operation !== undefined && !CALLS.some((one) => one === operation)) return undefined;
  if (first(INPUT) === undefined && first(OUTPUT) === undefined) return undefined;
  const place = `span ${String(span['spanId'])}`;
  const time = timeOf(span['startTimeUnixNano']);
  if (typeof time === 'string') return { problem: `${place}: startTimeUnixNano: ${time}` };
  const model = textOf(first(['gen_ai.request.model', 'gen_ai.response.model']));
  if (model === undefined) return { problem: `${place}: gen_ai.request.model must be named` };
  const counts = [INPUT, OUTPUT, READ, WRITE].map((names) => countOf(first(names), names[0] ?? ''));
  const wrong = counts.find((one) => typeof one === 'string');
  if (typeof wrong === 'string') return { problem: `${place}: ${wrong}` };
  const [input = 0, output = 0, cacheRead = 0, cacheWrite = 0] = counts.map((one) =>
    typeof one === 'number' ? one : 0,
  );
  const tokens = { input: withoutCache(input, cacheRead + cacheWrite), output, cacheRead, cacheWrite };
  const id = `${shown(span['traceId'])}${shown(span['spanId'])}`;
  return { row: { at: time.at, spanMs: 0, model, tokens, id } };
}

/** Integers travel as text in OTLP's JSON, as 64 bits do in protobuf's. */
function valueOf(value: unknown): unknown {
  const found = recordOf(value);
  return found['stringValue'] ?? found['intValue'] ?? found['doubleValue'];
}
