import type { Notice } from '../notice';
import { answeredRefusal, commonOutcome } from './answers';
import type { Outcome } from './outcome';
import type { DigestPort, HttpAnswer, HttpRequest } from './ports';
import { objectOf } from './slack';
import { cut, type HowToTell, spendLine, tellingOf } from './telling';

/**
 * Events API v2: https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/02-Trigger-Events.md and 01-Overview.md (read 2026-11-29):
 * a dedup_key of 255 characters, a summary of 1,024, 512 KB in all. A trigger of a key that is open adds to its alert, and one of a key
 * that was resolved opens another: sent twice in order it pages once.
 */
const SUMMARY = 1_024;
const DEDUP_KEY = 255;

export interface PagerDutyCall {
  /** `https://events.pagerduty.com` */
  readonly events: string;
  readonly routingKey: string;
}

export function pagerDutyRequest(
  { events, routingKey }: PagerDutyCall,
  notice: Notice,
  { sha256 }: Pick<DigestPort, 'sha256'>,
  how: HowToTell,
): HttpRequest {
  const { environment, status, urgency, at, source, happened, todo, who, runbook, spend } = notice;
  const { headline } = tellingOf(notice, how);
  const key = `${environment}|${notice.fact}`;
  const payload = {
    summary: cut(spend === undefined ? headline : `${headline} - ${spendLine(spend)}`, SUMMARY),
    source: `bedrock-spend-guard ${environment}`,
    severity: urgency,
    timestamp: new Date(at).toISOString(),
    ...{ group: environment, class: source },
    custom_details: {
      environment,
      ...(spend && { spend: spendLine(spend) }),
      ...(how.isPlain === true ? {} : { what_happened: happened, what_to_do: todo }),
      ...(who !== undefined && { who_may: who }),
      ...(runbook !== undefined && { runbook: `docs/runbook.md, "${runbook}"` }),
    },
  };
  const body = {
    routing_key: routingKey,
    event_action: status === 'resolved' ? 'resolve' : 'trigger',
    dedup_key: key.length <= DEDUP_KEY ? key : sha256(key),
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
