import { utcMonth } from '../../../core/calendar';
import { enforcementOfMonth, planEnforcement, type PlanInput } from '../../../core/enforcement/plan';
import type { Principal } from '../../../core/enforcement/ports';
import { usd } from '../../../core/money';
import { sha256, versionOf } from '../../helpers/switch-texts';

const APP: Principal = { kind: 'role', name: 'app' };
const ANN: Principal = { kind: 'user', name: 'ann' };
const ALL = [versionOf(1, 'open', 'new', 'default'), versionOf(2, 'degraded', 'new'), versionOf(3, 'stopped', 'new')];
const IDS = { open: 'v1', degraded: 'v2', stopped: 'v3' };
const known = <T>(value: T) => ({ kind: 'known', value }) as const;
const DOWN = { kind: 'unavailable', why: 'Throttling' } as const;

const plan = (input: Partial<PlanInput> = {}) =>
  planEnforcement({
    enforced: 'open',
    principals: [APP, ANN],
    versions: known(ALL),
    attached: known([APP, ANN]),
    before: { pagedOpen: [] },
    digest: sha256,
    ...input,
  });
/** What the tick before has left, when all was well. */
const settled = (switchedTo: 'open' | 'degraded' | 'stopped' = 'open', input: Partial<PlanInput> = {}) => ({
  pagedOpen: [],
  switchedTo,
  versions: IDS,
  principals: plan(input).principals,
});
const inEffect = (id: string) => known(ALL.map((one) => ({ ...one, isDefault: one.id === id })));

test('all is well: nothing is to be done, and nothing told', () => {
  expect(plan({ before: settled() })).toEqual({
    isTold: true,
    isMissing: false,
    needsRepair: false,
    attach: [],
    drift: [],
    versions: IDS,
    foreign: [],
    principals: expect.stringMatching(/^[0-9a-f]{64}$/),
    unread: [],
  });
  // And what is kept of it is the very same, so that the next tick finds the plan of this one.
  expect(plan({ before: settled() }).versions).toBe(IDS);
  expect(plan({ versions: known(ALL.slice(0, 2)), before: settled() }).versions).toEqual({
    open: 'v1',
    degraded: 'v2',
  });
  expect(plan({ before: { ...settled(), versions: { ...IDS, stopped: 'v9' } } }).versions).toEqual(IDS);
});

test.each([
  ['open', 'v3', 'v1'],
  ['degraded', 'v1', 'v2'],
  ['stopped', 'v1', 'v3'],
] as const)('%s is wanted and %s in effect: one version is put in effect, for however many', (enforced, is, target) => {
  expect(
    plan({
      enforced,
      versions: inEffect(is),
      principals: Array.from({ length: 1000 }, (_, at) => ({ kind: 'role', name: `r${at}` })),
    }).setDefault,
  ).toBe(target);
});

describe('the version of a state is told by its text', () => {
  test('and of two texts the newer is put in effect, also where the older is: a deploy in mid-stop reaches everybody', () => {
    const versions = known([
      ...ALL.map((one) => ({ ...one, isDefault: one.id === 'v3' })),
      versionOf(10, 'stopped', 'newer'),
    ]);
    expect(plan({ enforced: 'stopped', versions, before: settled('stopped') })).toMatchObject({
      setDefault: 'v10',
      needsRepair: true,
      drift: [],
      versions: { ...IDS, stopped: 'v10' },
    });
  });

  test('whatever numbers there are', () => {
    const versions = known([
      versionOf(7, 'stopped', 'x', 'default'),
      versionOf(9, 'open', 'x'),
      versionOf(4, 'degraded', 'x'),
    ]);
    expect(plan({ versions })).toMatchObject({
      setDefault: 'v9',
      versions: { open: 'v9', degraded: 'v4', stopped: 'v7' },
    });
  });

  test('one that is missing must be written first; one that is missing and not wanted can wait', () => {
    const without = (state: number) => known(ALL.filter((_, at) => at !== state));
    expect(plan({ enforced: 'stopped', versions: without(2) })).toMatchObject({ isMissing: true, needsRepair: true });
    expect(plan({ enforced: 'stopped', versions: without(2) }).setDefault).toBeUndefined();
    expect(plan({ enforced: 'stopped', versions: without(1) })).toMatchObject({
      isMissing: false,
      needsRepair: true,
      setDefault: 'v3',
    });
  });

  test('a policy that is gone has nothing that could be put in effect', () => {
    expect(plan({ versions: known([]) })).toMatchObject({
      isTold: true,
      isMissing: true,
      needsRepair: true,
    });
    // What is remembered of a version is a version: `undefined` is none.
    expect(plan({ versions: known([]) }).versions).toStrictEqual({});
    expect(plan({ versions: known(ALL.slice(0, 2)) }).versions).toStrictEqual({ open: 'v1', degraded: 'v2' });
    expect(plan({ versions: known([]), before: settled('stopped') }).drift).toEqual([
      { kind: 'flipped', expected: 'stopped' },
      ...(['open', 'degraded', 'stopped'] as const).map((state) => ({ kind: 'deleted', state })),
    ]);
  });

  test('where none is told to be in effect, the wanted one is put in effect', () => {
    expect(plan({ enforced: 'stopped', versions: inEffect('none') }).setDefault).toBe('v3');
  });
});

describe('where the versions cannot be listed', () => {
  test('the one that was last seen for the state is put in effect: what it says never changes', () => {
    const before = { pagedOpen: [], versions: IDS, switchedTo: 'open' } as const;
    expect(plan({ enforced: 'stopped', versions: DOWN, before })).toMatchObject({
      setDefault: 'v3',
      isTold: false,
      isMissing: false,
      needsRepair: false,
      drift: [],
      versions: IDS,
      unread: ['the versions of the switch: Throttling'],
    });
  });

  test('and none was ever seen: nothing is made up, and it is told', () => {
    const blind = plan({ enforced: 'stopped', versions: DOWN });
    expect(blind).toMatchObject({ unread: [expect.anything()], isMissing: false, foreign: [] });
    expect(blind).not.toHaveProperty('setDefault');
  });
});

describe('who lacks the switch is given it', () => {
  test('by kind and name: a user of the same name is somebody else', () => {
    expect(plan({ attached: known([{ kind: 'user', name: 'app' }, ANN]) }).attach).toEqual([APP]);
  });

  test('and everybody, where it cannot be looked up who has it', () => {
    expect(plan({ attached: DOWN, before: settled() })).toMatchObject({
      attach: [APP, ANN],
      drift: [],
      unread: ['who has the switch: Throttling'],
    });
  });

  test('strangers who have it are the deploy’s business', () => {
    expect(plan({ attached: known([APP, ANN, { kind: 'role', name: 'stranger' }]), before: settled() })).toMatchObject({
      attach: [],
      drift: [],
    });
  });
});

describe('drift is what somebody else has done', () => {
  test('another version in effect than was put in', () => {
    expect(plan({ enforced: 'stopped', versions: inEffect('v1'), before: settled('stopped') })).toMatchObject({
      setDefault: 'v3',
      drift: [{ kind: 'flipped', found: 'open', expected: 'stopped' }],
    });
  });

  test('also where it is what the decision of this tick asks for: it was early', () => {
    expect(plan({ enforced: 'stopped', versions: inEffect('v3'), before: settled('open') }).drift).toEqual([
      { kind: 'flipped', found: 'stopped', expected: 'open' },
    ]);
  });

  test('a weaker text in effect, and a version that it took the place of', () => {
    const versions = known([
      ...ALL.slice(0, 2).map((one) => ({ ...one, isDefault: false })),
      versionOf(6, 'foreign', 'x', 'default'),
    ]);
    expect(plan({ enforced: 'stopped', versions, before: settled('stopped') })).toMatchObject({
      isMissing: true,
      drift: [
        { kind: 'flipped', expected: 'stopped' },
        { kind: 'edited', ids: ['v6'] },
        { kind: 'deleted', state: 'stopped' },
      ],
    });
  });

  test('a text of somebody’s that is not in effect', () => {
    const versions = known([...ALL, versionOf(6, 'foreign', 'x')]);
    expect(plan({ versions, before: settled() })).toMatchObject({
      needsRepair: true,
      drift: [{ kind: 'edited', ids: ['v6'] }],
    });
  });

  test('told once, also where nobody takes the text away; another one is told again', () => {
    const before = { ...settled(), foreign: ['v6'] };
    const six = [...ALL, versionOf(6, 'foreign', 'x')];
    expect(plan({ versions: known(six), before })).toMatchObject({ needsRepair: true, foreign: ['v6'], drift: [] });
    expect(plan({ versions: known([...six, versionOf(7, 'foreign', 'y')]), before }).drift).toEqual([
      { kind: 'edited', ids: ['v7'] },
    ]);
    expect(plan({ versions: DOWN, before }).foreign).toEqual(['v6']);
  });

  test('somebody who had it and has it no more', () => {
    expect(plan({ attached: known([ANN]), before: settled() })).toMatchObject({
      attach: [APP],
      drift: [{ kind: 'detached', principal: APP }],
    });
  });
});

describe('no drift is', () => {
  test('the first tick, whatever it finds', () => {
    const versions = known([versionOf(1, 'open', 'new'), versionOf(6, 'stopped', 'new', 'default')]);
    expect(plan({ versions, attached: known([]) }).drift).toEqual([]);
  });

  test('whoever is new in the configuration, nor anybody else in that tick', () => {
    const before = settled('open', { principals: [APP] });
    expect(plan({ attached: known([APP]), before }).drift).toEqual([]);
    expect(plan({ attached: known([]), before }).drift).toEqual([]);
  });

  test('who could not be given it the tick before', () => {
    const before = { ...settled(), pagedOpen: ['role app'] };
    expect(plan({ attached: known([ANN]), before })).toMatchObject({ attach: [APP], drift: [] });
    expect(plan({ attached: known([]), before }).drift).toEqual([{ kind: 'detached', principal: ANN }]);
  });

  test('the same people in another order', () => {
    expect(plan({ principals: [ANN, APP] }).principals).toBe(plan().principals);
    expect(plan({ principals: [ANN] }).principals).not.toBe(plan().principals);
  });

  test('a version that a deploy has not written yet', () => {
    const before = { ...settled(), versions: { open: 'v1' } };
    expect(plan({ versions: known(ALL.slice(0, 1)), before })).toMatchObject({ needsRepair: true, drift: [] });
  });

  test('another text for the same state in effect', () => {
    const versions = known([
      ...ALL.slice(0, 2).map((one) => ({ ...one, isDefault: false })),
      versionOf(3, 'stopped', 'old', 'default'),
      versionOf(5, 'stopped', 'new'),
    ]);
    expect(plan({ enforced: 'stopped', versions, before: settled('stopped') }).drift).toEqual([]);
  });

  test('what could not be told the tick before', () => {
    const { switchedTo: _, ...before } = settled();
    expect(plan({ versions: inEffect('v3'), before }).drift).toEqual([]);
  });
});

test('in a new month the figures start anew, and the baseline of leaks with them; all else goes on', () => {
  const [november, december] = ['2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00Z'].map((at) =>
    utcMonth(Date.parse(at)),
  );
  const kept = { ...settled('stopped'), stoppedSince: 7 };
  const before = { ...kept, leakBaseline: { 'us-east-1|nova': usd(1) } };
  expect(enforcementOfMonth(before, november!, november!)).toEqual(before);
  expect(enforcementOfMonth(before, november!, december!)).toStrictEqual(kept);
});
