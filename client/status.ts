import type { GuardStatus, GuardStatusPort } from '../core/ledger';
import { after } from './after';
import type { Availability, Deadline } from './deadline';

/** The status item is read at most so often, by all calls of the process together. */
export const READ_EVERY_MS = 30_000;
/** For so long after the last word was read calls go on by it while a newer one is long on its way: a slow table costs them little. */
export const GO_ON_MS = 45_000;
const LONG_MS = 250;
/** The meter writes at least every few minutes while it runs: older than this, nobody knows what is spent. */
export const STALE_MS = 600_000;

/** The meter's last word; undefined where there is none to go by. */
export class StatusReader {
  private last: GuardStatus | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly port: GuardStatusPort,
    private readonly availability: Availability,
    private readonly now: () => number,
    private readonly heard: (status: GuardStatus) => void = () => {},
  ) {}

  /** As last read, for the ledger: it knows by itself what is older than what it has. */
  readonly known = (): GuardStatus | undefined => this.last;

  async current(deadline: Deadline): Promise<GuardStatus | undefined> {
    if (this.now() - this.askedAt >= READ_EVERY_MS) {
      this.reading ??= this.read(deadline).finally(() => {
        this.reading = undefined;
      });
    }
    if (this.reading) await this.inTime(this.reading);
    return this.last && this.now() - this.last.asOf <= STALE_MS ? this.last : undefined;
  }

  private async inTime(reading: Promise<void>): Promise<void> {
    if (!this.last || this.now() - this.askedAt >= GO_ON_MS) return reading;
    reading.catch(() => {});
    let cancel = () => {};
    const long = new Promise<void>((resume) => (cancel = after(LONG_MS, resume)));
    await Promise.race([reading, long]);
    cancel();
  }

  private async read(deadline: Deadline): Promise<void> {
    await this.availability.ask(async () => {
      const status = await deadline.within(this.port.read());
      this.askedAt = this.now();
      if (!status) return;
      this.last = status;
      this.heard(status);
    });
  }
}
