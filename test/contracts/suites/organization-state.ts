import type { UtcMonth } from '../../../core/calendar';
import { usd } from '../../../core/money';
import type { BrakeRecord } from '../../../core/organization/brake-record';
import type { BrakeStatePort, OrganizationStatePort, StandingsPort } from '../../../core/organization/ports';
import type { Standing } from '../../../core/organization/standing';
import type { StoredStanding } from '../../../core/organization/stored-standing';
import { contract } from './contract';

export interface OrganizationStateSubject {
  readonly port: OrganizationStatePort & StandingsPort & BrakeStatePort;
  /** An item of an account that another release, or an accident, has left. */
  readonly leaveUnreadable: (account: string, sk: string) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const ONE = '111111111111';
const TWO = '222222222222';

export const STANDING: Standing = {
  schemaVersion: 1,
  environment: 'dev',
  month: '2026-11',
  at: '2026-11-12T12:00:00.000Z',
  asOf: '2026-11-12T11:58:00.000Z',
  desired: 'stopped',
  enforced: 'unknown',
  spentNano: usd('96.000000001'),
  atLeast: true,
  limitNano: usd(100),
  blind: false,
  enforce: true,
  reason: 'spend 96.0% >= 95%, “over”',
  guardVersion: '1.2.3',
};

const HEARD = Date.parse('2026-11-12T12:00:03Z');

function stored(account: string, over: Partial<Standing> = {}): StoredStanding {
  const amount = { month: '2026-11', amount: usd(96) };
  return { account, standing: { ...STANDING, ...over }, heardAt: HEARD, known: amount, stopped: amount };
}

/** With every field that may be absent. */
function brake(account: string, revision: number): BrakeRecord {
  return {
    schemaVersion: 1,
    account,
    revision,
    decisions: 2,
    hold: {
      cause: 'ordered',
      decision: '2026-11.2',
      month: '2026-11' as UtcMonth,
      since: HEARD,
      reason: 'a leak',
      line: usd(110),
      by: 'ops',
    },
    approval: { decision: '2026-11.2', by: 'ops', at: HEARD },
    override: { since: HEARD, by: 'ops', reason: 'launch', until: HEARD + 1 },
    ours: { since: HEARD, confirmedAt: HEARD + 1, detaching: 'launch' },
    failure: { did: 'detach', why: 'AccessDeniedException', since: HEARD },
    claimedUntil: HEARD + 60_000,
    outbox: [{ subject: 'one', body: 'two\nlines' }],
    history: [
      { at: HEARD, text: 'attached', by: 'ops' },
      { at: HEARD, text: 'detached' },
    ],
  };
}

export const organizationStateContract = contract<OrganizationStateSubject>('organization-state', [
  {
    name: 'nothing there is nothing, never a default',
    async run({ port }) {
      expect(await port.account(ONE)).toEqual({ account: ONE, standings: [], unread: [] });
      expect(await port.all()).toEqual([]);
      expect(await port.looked()).toBeUndefined();
    },
  },
  {
    name: 'what was written is read, whole, by account and of all of them',
    async run({ port }) {
      await port.saveStanding(stored(TWO), undefined);
      await port.saveStanding(stored(ONE, { environment: 'prod', spentNano: null, asOf: null }), undefined);
      await port.saveStanding(stored(ONE), undefined);
      await port.saveBrake(brake(ONE, 1), 0);
      const one = await port.account(ONE);
      expect(new Set(one.standings)).toEqual(
        new Set([stored(ONE), stored(ONE, { environment: 'prod', spentNano: null, asOf: null })]),
      );
      expect(one).toMatchObject({ brake: brake(ONE, 1), unread: [] });
      const all = await port.all();
      expect(all.map(({ account }) => account)).toEqual([ONE, TWO]);
      expect(all[1]).toEqual({ account: TWO, standings: [stored(TWO)], unread: [] });
      expect(all[0]?.brake).toEqual(brake(ONE, 1));
    },
  },
  {
    name: 'a standing replaces the one that was read, and no other',
    async run({ port }) {
      const later = { at: '2026-11-12T12:01:00.000Z' };
      await port.saveStanding(stored(ONE), undefined);
      const conflict = { code: 'STATE_CONFLICT' };
      await expect(port.saveStanding(stored(ONE, later), undefined)).rejects.toMatchObject(conflict);
      await expect(port.saveStanding(stored(ONE, later), later.at)).rejects.toMatchObject(conflict);
      await port.saveStanding(stored(ONE, later), STANDING.at);
      await expect(port.saveStanding(stored(ONE), STANDING.at)).rejects.toMatchObject(conflict);
      expect((await port.account(ONE)).standings).toEqual([stored(ONE, later)]);
    },
  },
  {
    name: 'of standings that are written at once one is kept',
    async run({ port }) {
      const writes = [1, 2, 3].map((minute) =>
        port.saveStanding(stored(ONE, { at: `2026-11-12T12:0${minute}:00.000Z` }), undefined),
      );
      const done = await Promise.allSettled(writes);
      expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    },
  },
  {
    name: 'a brake replaces the revision that was read, and no other',
    async run({ port }) {
      await port.saveBrake(brake(ONE, 1), 0);
      const conflict = { code: 'STATE_CONFLICT' };
      await expect(port.saveBrake(brake(ONE, 1), 0)).rejects.toMatchObject(conflict);
      await expect(port.saveBrake(brake(ONE, 3), 2)).rejects.toMatchObject(conflict);
      await port.saveBrake(brake(ONE, 2), 1);
      await expect(port.saveBrake(brake(ONE, 2), 1)).rejects.toMatchObject(conflict);
      await expect(port.saveBrake(brake(TWO, 2), 1)).rejects.toMatchObject(conflict);
      expect((await port.account(ONE)).brake?.revision).toBe(2);
    },
  },
  {
    name: 'an item that cannot be read is named, and hides no other',
    async run({ port, leaveUnreadable }) {
      await port.saveStanding(stored(ONE), undefined);
      await leaveUnreadable(ONE, 'BRAKE');
      await leaveUnreadable(TWO, 'STANDING#dev');
      expect(await port.account(ONE)).toEqual({ account: ONE, standings: [stored(ONE)], unread: ['BRAKE'] });
      expect(await port.all()).toEqual([
        { account: ONE, standings: [stored(ONE)], unread: ['BRAKE'] },
        { account: TWO, standings: [], unread: ['STANDING#dev'] },
      ]);
    },
  },
  {
    name: 'what the brake has seen last is kept, and is of no account',
    async run({ port }) {
      await port.saveLooked({ at: HEARD, foreign: ['ou-abcd-12345678'], trouble: 'AccessDeniedException' });
      await port.saveLooked({ at: HEARD + 1, foreign: [] });
      expect(await port.looked()).toEqual({ at: HEARD + 1, foreign: [] });
      expect(await port.all()).toEqual([]);
    },
  },
  {
    name: 'a refusal is a ServiceError, never nothing',
    async run({ port, throttle }) {
      await throttle();
      const refusal = { name: 'ServiceError', refusal: 'throttled' };
      await expect(port.account(ONE)).rejects.toMatchObject(refusal);
      await expect(port.all()).rejects.toMatchObject(refusal);
      await expect(port.looked()).rejects.toMatchObject(refusal);
      await expect(port.saveStanding(stored(ONE), undefined)).rejects.toMatchObject(refusal);
      await expect(port.saveBrake(brake(ONE, 1), 0)).rejects.toMatchObject(refusal);
      await expect(port.saveLooked({ at: 1, foreign: [] })).rejects.toMatchObject(refusal);
    },
  },
]);
