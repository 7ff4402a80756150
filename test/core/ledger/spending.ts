import { MINUTE_MS, utcMonth } from '../../../core/calendar';
import { usd, type NanoUsd } from '../../../core/money';
import type { GuardStatus } from '../../../core/ledger/ports';
import { type LedgerPort } from '../../../core/ledger/ports';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';

export const CALL_MS = 15 * MINUTE_MS;
export const GRACE_MS = MINUTE_MS;

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

export async function spend(ledger: LedgerPort, bound: NanoUsd, spent: NanoUsd): Promise<void> {
  await ledger.settle(reserved(await ledger.reserve(bound)), spent);
}

export const world = () => new LedgerProcesses(usd(100));
