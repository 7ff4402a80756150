import { asciiSubject, type Mail, runbookLine } from '../mail';
import { fittingNotices, type Notice, noticeOf, type Urgency, WHO } from '../notice';
import type { CheckName, Finding } from './finding';

/** What is new since people were last told. */
export interface Changes {
  readonly appeared: readonly Finding[];
  /** Told of earlier, and no longer so: the finding as it is now, or only its key where it has gone altogether. */
  readonly recovered: readonly { readonly key: string; readonly now?: Finding }[];
  /** Told of after this run. */
  readonly told: Readonly<Record<string, string>>;
}

/** Identifies a finding over time. */
export function findingKey({ check, subject }: Pick<Finding, 'check' | 'subject'>): string {
  return `${check} ${subject}`;
}

/**
 * Each condition is told of once, and its end once. What is unknown now is neither better nor worse than before: a
 * throttle must not send a recovery and then the same alert again.
 */
export function changesSince(told: Readonly<Record<string, string>>, findings: readonly Finding[]): Changes {
  const byKey = new Map(findings.map((finding) => [findingKey(finding), finding]));
  const blindChecks = new Set(findings.filter(({ status }) => status === 'unknown').map(({ check }) => check));
  const appeared: Finding[] = [];
  const recovered: { key: string; now?: Finding }[] = [];
  const after: Record<string, string> = {};
  for (const [key, finding] of byKey) {
    const condition = conditionOf(finding);
    const before = told[key];
    if (condition !== undefined) {
      after[key] = condition;
      if (condition !== before) appeared.push(finding);
    } else if (before !== undefined) {
      if (finding.status === 'unknown') after[key] = before;
      else recovered.push({ key, now: finding });
    }
  }
  for (const [key, before] of Object.entries(told)) {
    // Told of by an earlier release: the daily report says it now.
    if (byKey.has(key) || key.startsWith('cost-allocation-tag ')) continue;
    // A key that was deleted has recovered; one that could not be listed has not.
    if ([...blindChecks].some((check) => key.startsWith(`${check} `))) after[key] = before;
    else recovered.push({ key });
  }
  return { appeared, recovered, told: after };
}

function conditionOf({ status, tell }: Finding): string | undefined {
  if (status === 'failed') return `failed${tell ? `: ${tell}` : ''}`;
  return status === 'warning' && tell ? `warning: ${tell}` : undefined;
}

const RUNBOOK = 'health-failures';
/** They are kept in the record until they are sent, beside the mail. */
const MOST_NOTICE_BYTES = 32 * 1024;

/**
 * One mail for everything that changed in a run, with a notice for each finding; undefined where nothing did.
 * @param at of the run, later than that of the one before
 */
export function changeMail(
  environment: string,
  changes: Changes,
  findings: readonly Finding[],
  at: number,
): Mail | undefined {
  const { appeared, recovered } = changes;
  if (appeared.length + recovered.length === 0) return undefined;
  const open = findings.filter((finding) => findingKey(finding) in changes.told && !appeared.includes(finding));
  const sections = [
    section('New', appeared.map(findingWords)),
    section(
      'Recovered',
      recovered.map(({ key, now }) => (now ? findingWords(now) : `${key}: no longer there`)),
    ),
    section('Told of before, and still so', open.map(findingWords)),
    `Each change is mailed once. The whole result: pk "health", sk "last" in the state table. ${runbookLine(RUNBOOK)}`,
  ];
  return {
    subject: asciiSubject(`[health] ${environment}: ${headline(changes)}`),
    body: sections.filter((text) => text !== '').join('\n\n'),
    notices: fittingNotices(changeNotices(environment, changes, at), MOST_NOTICE_BYTES),
  };
}

/** A fact for each finding: what is told of opens it, or says that it is another condition by now, and its end resolves it. */
function changeNotices(environment: string, { appeared, recovered }: Changes, at: number): readonly Notice[] {
  const notice = (fact: string, status: 'firing' | 'resolved', now: Finding | undefined, urgency: Urgency) =>
    noticeOf(
      { environment, source: 'health', key: `${fact}|${at}`, at },
      {
        title: status === 'firing' ? `${now?.status}: ${fact}` : `recovered: ${fact}`,
        lines: [now?.detail ?? 'no longer there'],
        runbook: RUNBOOK,
      },
      {
        fact,
        status,
        urgency,
        ...(status === 'firing' && { todo: now?.fix === undefined ? [] : [now.fix], who: WHO.deploys }),
      },
    );
  return [
    ...appeared.map((finding) => notice(findingKey(finding), 'firing', finding, urgencyOf(finding))),
    ...recovered.map(({ key, now }) => notice(key, 'resolved', now, 'info')),
  ];
}

/** Where these fail, a stop does not reach somebody, or nobody is told of it. */
const STOP_RELIES_ON: readonly CheckName[] = ['switch', 'policy-room', 'permission-set', 'subscription', 'state-table'];

function urgencyOf({ check, status }: Finding): Urgency {
  return status === 'failed' && STOP_RELIES_ON.includes(check) ? 'critical' : 'warning';
}

function headline({ appeared, recovered }: Changes): string {
  const worst = appeared.find(({ status }) => status === 'failed') ?? appeared[0];
  if (worst) {
    const others = appeared.length + recovered.length - 1;
    return `${worst.status}: ${findingKey(worst)}${others > 0 ? ` (+${others} more)` : ''}`;
  }
  const more = recovered.length > 1 ? ` (+${recovered.length - 1} more)` : '';
  return `recovered: ${recovered[0]?.key}${more}`;
}

function findingWords(finding: Finding): string {
  const line = `${finding.status}  ${findingKey(finding)}: ${finding.detail}`;
  return finding.fix ? `${line}\n    fix: ${finding.fix}` : line;
}

function section(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : [`${title}:`, ...entries.map((entry) => `  ${entry}`)].join('\n');
}
