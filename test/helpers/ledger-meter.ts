import { utcMonth } from '../../core/calendar';
import type { GuardStatus, LedgerPort } from '../../core/ledger/ports';
import { exactSizing, type Sizing } from '../../core/ledger/sizing';
import { usd, type NanoUsd } from '../../core/money';
import type { DynamoDbLedgerOptions } from '../../client/adapters/dynamodb-ledger';
import { LedgerProcesses, reserved } from './ledger-processes';

/** As the meter writes it: every read of it later than the one before. */
export function meter(world: LedgerProcesses) {
  let status: GuardStatus | undefined;
  return {
    read: () => status,
    says(limit: NanoUsd, spentAtLeast: NanoUsd = usd(0)) {
      world.time.now += 1000;
      status = { desired: 'open', asOf: world.time.now, month: utcMonth(world.time.now), limit, spentAtLeast };
    },
  };
}

/** A month's ledger under a meter that says what it is told to. */
export function meteredLedger(limit: NanoUsd = usd(100), at = '2026-11-12T10:20:00Z') {
  const processes = new LedgerProcesses(limit, at);
  let status: GuardStatus | undefined;
  const start = (options: Partial<DynamoDbLedgerOptions> = {}, sizing: Sizing = exactSizing()): LedgerPort =>
    processes.start(sizing, { status: () => status, unsettledPerHour: limit, ...options });
  return {
    processes,
    start,
    ledger: start(),
    /** All hours of the day until `until` are complete with `spent`, and so is the month but for what comes after. */
    meterSays: (until: string, spent: NanoUsd, spentAtLeast: NanoUsd = spent): void => {
      const complete = { until: Date.parse(`2026-11-12T${until}:00Z`), spent };
      const month = utcMonth(processes.time.now);
      status = { desired: 'open', asOf: processes.time.now, month, limit, spentAtLeast, complete };
    },
    pass: (minutes: number) => processes.pass(minutes * 60),
  };
}

/** A call whose bound is charged since nobody told what it used. */
export async function broken(ledger: LedgerPort, bound: NanoUsd): Promise<void> {
  await ledger.settle(reserved(await ledger.reserve(bound)), bound, bound);
}
