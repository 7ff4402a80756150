import type { Reading } from '../reading';
import { fromBigInt, type NanoUsd } from '../money';
import type { ConcurrencyRecord } from './record';

/**
 * What a GB-second of provisioned concurrency costs while it waits, in tenths of a nano-dollar: $0.0000041667 on x86 and
 * $0.0000033334 on Arm in us-east-1. https://aws.amazon.com/lambda/pricing/ shows no table to a plain reader; the figures
 * are from https://devopsil.com/articles/2026-03-22-aws-lambda-cost-optimization-guide (which writes GB-hour for GB-second),
 * read 2026-11-23. Other Regions' prices are not sourced: unknown.
 */
const PRICES: Readonly<Record<string, Readonly<Record<'x86_64' | 'arm64', bigint>>>> = {
  'us-east-1': { x86_64: 41_667n, arm64: 33_334n },
};

/** What a sleeping function no longer costs in an hour, rounded down. */
export function savedPerHour(record: ConcurrencyRecord, region: string): Reading<NanoUsd> {
  const price = PRICES[region]?.[record.saved.details.architecture];
  if (price === undefined) {
    return { kind: 'unavailable', why: `the price of provisioned concurrency in ${region} is not known` };
  }
  const freed = BigInt(Math.max(0, record.saved.value - record.loweredTo));
  const megabyteSeconds = freed * BigInt(record.saved.details.memoryMb) * 3600n;
  return { kind: 'known', value: fromBigInt((megabyteSeconds * price) / (1024n * 10n)) };
}

/** Unknown as soon as one is: a sum that leaves something out would read as the whole. */
export function totalSaved(savings: readonly Reading<NanoUsd>[]): Reading<NanoUsd> {
  const unknown = savings.find((one) => one.kind === 'unavailable');
  if (unknown) return unknown;
  const sum = savings.reduce((total, one) => total + (one.kind === 'known' ? BigInt(one.value) : 0n), 0n);
  return { kind: 'known', value: fromBigInt(sum) };
}
