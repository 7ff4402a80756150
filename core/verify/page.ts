import { formatUsd } from '../money';
import { markOf } from './unproven';
import { ROWS, type RowFinding } from './rows';
import type { VerifiedRecord } from './record';

/** The record for people, as Markdown. */
export function verifiedPage(record: VerifiedRecord): string {
  const { at, environment, region, account, caller, signedBy, guardVersion, endpoint, runId, digest, steps } = record;
  const day = at.slice(0, 10);
  return [
    `# Verified on ${day}`,
    '',
    ...(endpoint === 'aws' ? [] : [`**Against ${endpoint}, which is not AWS: this shows nothing of an account.**`, '']),
    `Run ${runId} of \`spend-guard verify\` ${guardVersion}, environment \`${environment}\` in ${region}, account ${account}, as \`${caller}\`, signed`,
    `by ${signedBy}. SHA-256 of the record: \`${digest}\`.`,
    '',
    '| what | what this run shows |',
    '| --- | --- |',
    ...steps.flatMap(({ findings }) => findings.map((finding) => `| ${ROWS[finding.row]} | ${cell(said(finding))} |`)),
    '',
    ...steps.flatMap(({ step, question, outcome, why, numbers, worstCost, reckonedCost }) => [
      `## ${step}`,
      '',
      question,
      '',
      `- ${outcome}${why === undefined ? '' : `: ${cell(why)}`}`,
      ...Object.entries(numbers).map(([name, value]) => `- ${name}: ${value}`),
      `- reckoned cost ${formatUsd(reckonedCost)}, at worst ${formatUsd(worstCost)}`,
      '',
    ]),
  ].join('\n');

  function said(finding: RowFinding): string {
    const mark = endpoint === 'aws' ? markOf(finding, day) : `${finding.verdict}, of no account: ${finding.text}`;
    return mark ?? `not settled: ${finding.text}`;
  }
}

function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '/');
}
