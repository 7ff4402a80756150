import type { MeterFinding } from './types';

/** Why figures are a lower bound, in one line that names the first cause. */
export function understatedWhy(findings: readonly MeterFinding[]): string {
  const [first, ...others] = findings.filter(({ understates }) => understates);
  const what = 'real spend may be higher';
  if (first === undefined) return `points had to be left out, so ${what}`;
  return `${what}: ${first.text}${others.length > 0 ? `, and ${others.length} more` : ''}`;
}
