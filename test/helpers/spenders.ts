import type { UtcDay, UtcMonth } from '../../core/calendar';
import { nanoUsd, type NanoUsd } from '../../core/money';
import type { BilledSpend, CallerUsage, SpendersOfMonth } from '../../core/spenders/types';

export const MONTH = '2026-11' as UtcMonth;
/** The clock of the command line's world: the days up to the 22nd are over. */
export const NOVEMBER_23 = Date.parse('2026-11-23T09:00:00Z');

export const arnOf = {
  user: (name: string) => `arn:aws:iam::111122223333:user/${name}`,
  session: (role: string, session: string) => `arn:aws:sts::111122223333:assumed-role/${role}/${session}`,
  person: (set: string, name: string) =>
    `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_${set}_0123456789abcdef/${name}`,
};

export const day = (of: number) => `${MONTH}-${String(of).padStart(2, '0')}` as UtcDay;
/** Of the month, both included. */
export const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => day(from + at));

/** @param nano absent: nobody knows a price */
export function usage(of: number, arn: string, nano?: number, more: Partial<CallerUsage> = {}): CallerUsage {
  return {
    ...{ day: day(of), arn, modelId: 'amazon.nova-lite-v1:0', calls: 1 },
    tokens: { input: 100, output: 20, cacheRead: 3, cacheWrite: 4 },
    ...(nano === undefined ? {} : { amount: nanoUsd(nano) }),
    ...more,
  };
}

export type Callers = Extract<NonNullable<SpendersOfMonth['callers']>, { kind: 'known' }>['value'];

/** All days were read, unless said otherwise. */
export function callers(of: readonly CallerUsage[], more: Partial<Callers> = {}): Callers {
  return {
    ...{ logGroup: '/bedrock/invocations', usage: of, days: days(1, 22), missing: [], rest: [] },
    ...{ unknown: [], apart: [], otherRegions: [], bytesScanned: 0 },
    ...more,
  };
}

export function billed(of: number, nano: number, more: Partial<BilledSpend> = {}): BilledSpend {
  return { day: day(of), model: 'NovaLite', service: 'Amazon Bedrock', amount: nanoUsd(nano), ...more };
}

/** Added up by another path than the code's. */
export function sumOf(amounts: readonly (NanoUsd | undefined)[]): bigint {
  return amounts.reduce((sum, amount) => sum + BigInt(amount ?? 0), 0n);
}
