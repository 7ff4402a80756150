import type { Notice } from '../notice';
import { answeredRefusal, commonOutcome, objectOf } from './answers';
import { type Call, isLouder, URGENCIES, writtenCall } from './call';
import { type Home, homeName } from './home';
import type { Outcome } from './outcome';
import type { DigestPort, HttpAnswer, HttpRequest } from './ports';
import { cut, type HowToTell, spendLine, tellingOf } from './telling';

/**
 * Events API v2: https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/02-Trigger-Events.md and 01-Overview.md (read 2026-11-29):
 * a dedup_key of 255 characters, a summary of 1,024, 512 KB in all. A trigger of a key that is open adds to its alert, and one of a key
 * that was resolved opens another: sent twice in order it pages once. A trigger of an open key pages nobody, however urgent it is: the key
 * has the urgency, so what becomes urgent is an incident of its own.
 */
const SUMMARY = 1_024;
const DEDUP_KEY = 255;

export interface PagerDutyCall {
  /** `https://events.pagerduty.com` */
  readonly events: string;
  readonly routingKey: string;
  readonly home: Home;
}

export interface PagerDutyCalls {
  /** In order: the next one where the one before was taken. All of them may be sent again. */
  readonly requests: readonly HttpRequest[];
  /** What is open then. */
  readonly ref?: string;
}

/**
 * What is more urgent than its incident opens another, and only then is the first one resolved: at no time is nothing open. Where a run dies
 * between the two both are sent again, and the first of them is known by its key.
 * @param open the incident of the episode
 */
export function pagerDutyCalls(
  call: PagerDutyCall,
  notice: Notice,
  { sha256 }: Pick<DigestPort, 'sha256'>,
  how: HowToTell,
  open: Call | undefined,
): PagerDutyCalls {
  const { environment, fact, status, urgency } = notice;
  const keyOf = (of: Notice['urgency']) => {
    const key = `${homeName(call.home, environment)}|${fact}|${of}`;
    return key.length <= DEDUP_KEY ? key : sha256(key);
  };
  const request = (action: 'trigger' | 'resolve', key: string) => requestOf(call, notice, how, action, key);
  if (status === 'resolved') {
    // Nobody knows which one it was, if there was one: to resolve what is not there changes nothing.
    const keys = open === undefined ? URGENCIES.map(keyOf) : [open.name];
    return { requests: keys.map((key) => request('resolve', key)) };
  }
  const kept = status === 'firing' && open !== undefined && !isLouder(urgency, open.urgency) ? open : undefined;
  const { name, ...rest } = kept ?? { urgency, name: keyOf(urgency) };
  const isInPlace = status === 'firing' && open !== undefined && open.name !== name;
  return {
    requests: [request('trigger', name), ...(isInPlace ? [request('resolve', open.name)] : [])],
    ref: writtenCall({ ...rest, name }),
  };
}

function requestOf(
  { events, routingKey, home }: PagerDutyCall,
  notice: Notice,
  how: HowToTell,
  action: 'trigger' | 'resolve',
  key: string,
): HttpRequest {
  const { environment, urgency, at, source, happened, todo, who, runbook, spend } = notice;
  const { headline } = tellingOf(notice, how);
  const payload = {
    summary: cut(spend === undefined ? headline : `${headline} - ${spendLine(spend)}`, SUMMARY),
    source: `bedrock-spend-guard ${environment}`,
    severity: urgency,
    timestamp: new Date(at).toISOString(),
    ...{ group: environment, class: source },
    custom_details: {
      environment,
      ...home,
      ...(spend && { spend: spendLine(spend) }),
      ...(how.isPlain === true ? {} : { what_happened: happened, what_to_do: todo }),
      ...(who !== undefined && { who_may: who }),
      ...(runbook !== undefined && { runbook: `docs/runbook.md, "${runbook}"` }),
    },
  };
  const body = {
    routing_key: routingKey,
    event_action: action,
    dedup_key: key,
    client: 'bedrock-spend-guard',
    payload,
  };
  return {
    url: `${events}/v2/enqueue`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

export function pagerDutyOutcome(answer: HttpAnswer, now: number): Outcome {
  const common = commonOutcome(answer, now);
  if (common !== undefined || answer.kind !== 'answered') return common ?? { kind: 'later', why: 'no answer' };
  if (answer.status === 202) return { kind: 'delivered' };
  if (answer.status < 300) return { kind: 'doubtful', why: `PagerDuty answers HTTP ${answer.status} and not 202` };
  const { errors, message } = objectOf(answer.body);
  const said = [message, ...(Array.isArray(errors) ? (errors as readonly unknown[]) : [])].map(String).join(' ');
  // The one field that is a secret; what is refused of it is never the form, which is looked at before.
  const isKey = /routing[_ ]?key|integration key/i.test(said);
  return answeredRefusal(
    answer,
    isKey ? 'revoked' : undefined,
    isKey ? 'of the integration key' : undefined,
    'PagerDuty',
  );
}
