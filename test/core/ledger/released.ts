import { utcMonth } from '../../../core/calendar';
import { exactSizing, type Sizing } from '../../../core/ledger/sizing';
import { usd, type NanoUsd } from '../../../core/money';
import type { GuardStatus } from '../../../core/ledger/ports';
import { type LedgerPort } from '../../../core/ledger/ports';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';

/** A month's ledger under a meter that says what it is told to. */
export function world(limit: NanoUsd = usd(100), at = '2026-11-12T10:20:00Z') {
  const processes = new LedgerProcesses(limit, at);
  let status: GuardStatus | undefined;
  const start = (options = {}, sizing: Sizing = exactSizing()): LedgerPort =>
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

export async function call(ledger: LedgerPort, spent: NanoUsd): Promise<void> {
  await ledger.settle(reserved(await ledger.reserve(spent)), spent);
}
