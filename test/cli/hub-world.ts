import { MINUTE_MS } from '../../core/calendar';
import { usd } from '../../core/money';
import { ACCOUNT } from '../helpers/health-world';
import { AUTOMATIC, NEVER, ONE, ORGANIZATION, TWO } from '../helpers/organization';
import { CliWorld } from './world';

const FILE = ['--organization', 'test/fixtures/organization.ts'];
export const LISTED = [ONE, TWO, NEVER, AUTOMATIC];

/** The hub of test/fixtures/organization.ts, which runs its real handlers, and a person who is asked nothing unless a test answers. */
export class HubWorld extends CliWorld {
  constructor() {
    super();
    const accounts = Object.fromEntries(LISTED.map((account) => [account, ORGANIZATION.accounts[account]!]));
    this.organization.organization = { ...ORGANIZATION, managementAccount: ACCOUNT, accounts };
    this.organization.now = this.now;
  }

  /** `spend-guard organization …` */
  order(...args: string[]) {
    return this.run('organization', ...args, ...FILE);
  }

  /** A minute later each tells that it has spent so many of its 100 dollars; the brake has run. */
  async told(spent: Readonly<Record<string, number>>): Promise<void> {
    this.now += MINUTE_MS;
    this.organization.now = this.now;
    for (const [account, dollars] of Object.entries(spent)) {
      await this.organization.told(account, { spentNano: usd(dollars) });
    }
    await this.organization.brake();
  }

  /** Every listed account has told, and nothing needs a look. */
  static async calm(): Promise<HubWorld> {
    const world = new HubWorld();
    await world.told({ [ONE]: 10, [TWO]: 20, [NEVER]: 30, [AUTOMATIC]: 40 });
    return world;
  }

  /** The brake of TWO waits for a person. */
  static async waiting(): Promise<HubWorld> {
    const world = await HubWorld.calm();
    await world.told({ [TWO]: 112.5 });
    return world;
  }

  /** Accounts that are braked. */
  attached(): readonly string[] {
    return [...this.organization.policy.attached];
  }

  /** What the brake was ordered, in turn. */
  orders(): readonly unknown[] {
    return this.invoked.filter(({ name }) => name.endsWith('-Brake')).map(({ event }) => event);
  }
}
