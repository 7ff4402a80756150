import { GuardError, type ServiceError } from '../../core/errors';
import {
  type AccountItems,
  BRAKE_KEY,
  type BrakeRecord,
  type BrakesLooked,
  type BrakeStatePort,
  type OrganizationStatePort,
  type StandingsPort,
  type StoredStanding,
} from '../../core/organization';

/** The hub's table in memory, with its conditional writes. */
export class FakeOrganizationState implements OrganizationStatePort, StandingsPort, BrakeStatePort {
  readonly standings = new Map<string, StoredStanding>();
  readonly brakes = new Map<string, BrakeRecord>();
  /** Sort keys of items that cannot be read, by account. */
  readonly unread = new Map<string, string[]>();
  lookedAt: BrakesLooked | undefined;
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async account(account: string): Promise<AccountItems> {
    this.refuse();
    const unread = this.unread.get(account) ?? [];
    const brake = unread.includes(BRAKE_KEY) ? undefined : this.brakes.get(account);
    const standings = [...this.standings.values()].filter((one) => one.account === account);
    return { account, standings, unread: [...unread], ...(brake && { brake }) };
  }

  async all(): Promise<readonly AccountItems[]> {
    this.refuse();
    const heard = [...this.standings.values()].map(({ account }) => account);
    const accounts = new Set([...heard, ...this.brakes.keys(), ...this.unread.keys()]);
    return Promise.all([...accounts].toSorted().map((account) => this.account(account)));
  }

  async saveStanding(stored: StoredStanding, replaces: string | undefined): Promise<void> {
    this.refuse();
    const key = `${stored.account}/${stored.standing.environment}`;
    if (this.standings.get(key)?.standing.at !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced ${key} first`);
    }
    this.standings.set(key, stored);
  }

  async saveBrake(record: BrakeRecord, replaces: number): Promise<void> {
    this.refuse();
    if ((this.brakes.get(record.account)?.revision ?? 0) !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of ${record.account} first`);
    }
    this.brakes.set(record.account, record);
  }

  async looked(): Promise<BrakesLooked | undefined> {
    this.refuse();
    return this.lookedAt;
  }

  async saveLooked(looked: BrakesLooked): Promise<void> {
    this.refuse();
    this.lookedAt = looked;
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
