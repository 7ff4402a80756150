import { healthLines, type Finding, type FindingStatus } from '../core/health';
import type { Line, Tone } from './result';

/** What is out of order for a reason that the guard knows needs no colour. */
const TONES: Readonly<Record<FindingStatus, Tone | undefined>> = {
  ok: 'good',
  expected: undefined,
  unknown: 'warning',
  warning: 'warning',
  failed: 'bad',
};

/** `status | latency | check subject: detail -> fix`, one line a finding. */
export function findingLines(findings: readonly Finding[]): readonly Line[] {
  const texts = healthLines(findings);
  return findings.map(({ status }, at) => {
    const text = `  ${texts[at] ?? ''}`;
    const tone = TONES[status];
    return tone ? { text, tone } : text;
  });
}

/** What could not be checked is not in order. */
export function needsAttention(findings: readonly Pick<Finding, 'status'>[]): boolean {
  return findings.some(({ status }) => status === 'failed' || status === 'unknown');
}
