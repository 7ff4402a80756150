import type { Digest } from '../enforcement';
import type { NanoUsd } from '../money';
import type { RowFinding } from './rows';
import type { StepId } from './steps';

export interface StepRecord {
  readonly step: StepId;
  readonly question: string;
  /** `begun`: a later run reads it. `failed`: it ended early; `why` says where. */
  readonly outcome: 'done' | 'begun' | 'failed';
  readonly why?: string;
  readonly findings: readonly RowFinding[];
  readonly readings: Readonly<Record<string, unknown>>;
  readonly numbers: Readonly<Record<string, number>>;
  /** Both in nano-dollars; `reckonedCost` of the tokens and requests that were really used. */
  readonly worstCost: NanoUsd;
  readonly reckonedCost: NanoUsd;
}

export interface VerifiedRecord {
  readonly schemaVersion: 1;
  readonly guardVersion: string;
  readonly runId: string;
  /** ISO, UTC. */
  readonly at: string;
  readonly environment: string;
  readonly region: string;
  /** In full only where whoever ran it wanted that; else the last four digits. */
  readonly account: string;
  /** `aws`, or the endpoint that stood in for it, which shows nothing of AWS. */
  readonly endpoint: string;
  /** Whose credentials: without the session's name, and with the account as above. */
  readonly caller: string;
  readonly signedBy: string;
  readonly steps: readonly StepRecord[];
  /** SHA-256 over all the rest: shows an edit, and not who made it. */
  readonly digest: string;
}

export function sealed(record: Omit<VerifiedRecord, 'digest'>, digest: Digest): VerifiedRecord {
  return { ...record, digest: digest(canonical(record)) };
}

/** Whether nobody has changed it since it was written. */
export function isSealed({ digest: own, ...rest }: VerifiedRecord, digest: Digest): boolean {
  return own === digest(canonical(rest));
}

/** With keys in order, so that the same record is the same text whoever has written it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

export function lastFour(account: string): string {
  return account.slice(-4);
}

/** The same with the account's number hidden wherever it stands, such as in ARNs that AWS's own words name. */
export function masked<T>(value: T, account: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(account, `********${lastFour(account)}`)) as T;
}

/** An assumed role's session is often somebody's mail address. */
export function withoutSession(arn: string): string {
  return arn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
}
