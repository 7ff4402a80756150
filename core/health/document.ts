import type { Finding, FindingStatus } from './finding';

/** What set a run off. */
export type Trigger =
  | { readonly source: 'schedule'; readonly scheduledAt: string }
  /** Somebody asked. */
  | { readonly source: 'on-demand' };

/** The result of one run, as the command prints it and the table keeps it. */
export interface HealthDocument {
  readonly schemaVersion: 1;
  readonly environment: string;
  /** ISO time, UTC. */
  readonly at: string;
  readonly trigger: Trigger;
  readonly summary: Readonly<Record<FindingStatus, number>>;
  readonly findings: readonly Finding[];
}

export function healthDocument(
  environment: string,
  atMs: number,
  trigger: Trigger,
  findings: readonly Finding[],
): HealthDocument {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  return {
    schemaVersion: 1,
    environment,
    at: new Date(atMs).toISOString(),
    trigger,
    summary: {
      failed: count('failed'),
      warning: count('warning'),
      unknown: count('unknown'),
      expected: count('expected'),
      ok: count('ok'),
    },
    findings,
  };
}

/** `status | latency ms | detail`, one line a finding, with its fix behind an arrow. */
export function healthLines(findings: readonly Finding[]): readonly string[] {
  return findings.map(
    ({ status, latencyMs, check, subject, detail, fix }) =>
      `${status} | ${latencyMs === undefined ? '-' : `${latencyMs} ms`} | ${check} ${subject}: ${detail}${fix ? ` -> ${fix}` : ''}`,
  );
}
