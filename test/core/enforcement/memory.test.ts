import type { Applied } from '../../../core/enforcement/apply';
import { afterActing, beforeActing } from '../../../core/enforcement/memory';
import type { EnforcementPlan } from '../../../core/enforcement/plan';
import type { EnforcementState } from '../../../core/enforcement/state';
import type { Principal } from '../../../core/enforcement/ports';
import { usd } from '../../../core/money';

const APP: Principal = { kind: 'role', name: 'app' };
const PLAN: EnforcementPlan = {
  isTold: true,
  isMissing: false,
  needsRepair: false,
  attach: [],
  drift: [],
  versions: { open: 'v1' },
  foreign: [],
  principals: 'now',
  unread: [],
};
const WAS: EnforcementState = { pagedOpen: [], switchedTo: 'open', principals: 'before', versions: {} };
const DONE: Applied = { switched: false, inEffect: true, attached: 0, failed: [], troubles: [] };

describe('before anything is done', () => {
  test('what stays as it is, is known already', () => {
    expect(beforeActing(WAS, PLAN)).toEqual({
      pagedOpen: [],
      switchedTo: 'open',
      principals: 'now',
      versions: { open: 'v1' },
    });
  });

  test.each<[string, Partial<EnforcementPlan>]>([
    ['is to be put in effect', { setDefault: 'v3' }],
    ['is to be written first', { isMissing: true }],
  ])('what %s may be so when the next tick comes, by nobody else’s doing', (_what, changed) => {
    expect(beforeActing(WAS, { ...PLAN, ...changed })).toEqual({
      pagedOpen: [],
      principals: 'now',
      versions: { open: 'v1' },
    });
  });

  test('what was not known stays unknown', () => {
    expect(beforeActing({ pagedOpen: [] }, PLAN)).toStrictEqual({
      pagedOpen: [],
      principals: 'now',
      versions: { open: 'v1' },
    });
  });

  test('a version of somebody’s is remembered while it is there, and no longer', () => {
    expect(beforeActing(WAS, { ...PLAN, foreign: ['v9'] }).foreign).toEqual(['v9']);
    expect(beforeActing({ ...WAS, foreign: ['v9'] }, PLAN)).not.toHaveProperty('foreign');
  });

  test('nor is anybody known to have what they are only about to be given', () => {
    expect(beforeActing(WAS, { ...PLAN, attach: [APP] })).not.toHaveProperty('principals');
  });
});

describe('when all is done', () => {
  const after = (applied: Partial<Applied>, was: EnforcementState = WAS, plan: Partial<EnforcementPlan> = {}) =>
    afterActing(was, { ...PLAN, ...plan }, { ...DONE, ...applied }, 'stopped', 7);
  const failed = [{ principal: APP, why: 'LimitExceededException' }];

  test('the state that is in effect for everybody is known, and since when', () => {
    expect(after({})).toMatchObject({ switchedTo: 'stopped', principals: 'now', pagedOpen: [], stoppedSince: 7 });
  });

  test('one that is not is no state to compare with', () => {
    const left = after({ inEffect: false }, { ...WAS, stoppedSince: 3, leakBaseline: { a: usd(1) } });
    expect(left).not.toHaveProperty('switchedTo');
    expect(left).not.toHaveProperty('stoppedSince');
    expect(left).not.toHaveProperty('leakBaseline');
  });

  test('who was left out is named, and what they use is no leak', () => {
    const left = after({ failed }, { ...WAS, stoppedSince: 3, leakBaseline: { a: usd(1) } });
    expect(left).toMatchObject({ switchedTo: 'stopped', pagedOpen: ['role app'] });
    expect(left).not.toHaveProperty('stoppedSince');
  });

  test('a stop that goes on keeps its time and its baseline; one that was open in between begins anew', () => {
    const was = { ...WAS, stoppedSince: 3, leakBaseline: { a: usd(1) } };
    expect(after({}, was)).toMatchObject({ stoppedSince: 3, leakBaseline: { a: usd(1) } });
    for (const drift of [
      { kind: 'detached', principal: APP },
      { kind: 'flipped', found: 'open', expected: 'stopped' },
    ] as const) {
      const anew = after({}, was, { drift: [drift] });
      expect(anew.stoppedSince).toBe(7);
      expect(anew).not.toHaveProperty('leakBaseline');
    }
    const edited = { drift: [{ kind: 'edited', ids: ['v9'] }] } as const;
    expect(after({}, was, edited)).toMatchObject({ stoppedSince: 3, leakBaseline: { a: usd(1) } });
  });

  test('a stop whose baseline is not read yet goes on without one', () => {
    expect(after({}, { ...WAS, stoppedSince: 3 })).toStrictEqual({
      ...{ pagedOpen: [], switchedTo: 'stopped', principals: 'now', versions: {} },
      stoppedSince: 3,
    });
  });

  test.each(['open', 'degraded'] as const)('%s is no stop', (enforced) => {
    const left = afterActing({ ...WAS, stoppedSince: 3, leakBaseline: {} }, PLAN, DONE, enforced, 7);
    expect(left).not.toHaveProperty('stoppedSince');
    expect(left).not.toHaveProperty('leakBaseline');
  });
});
