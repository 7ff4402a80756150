import { newestFirst, nextVersionStep } from '../../../core/enforcement/switch-versions';
import { textsOf, versionOf, documentOf, sha256 } from '../../helpers/switch-texts';

const NOW = textsOf('new');
const step = (...versions: Readonly<Parameters<typeof versionOf>>[]) =>
  nextVersionStep(
    versions.map((one) => versionOf(...one)),
    NOW,
    sha256,
  );

describe('what is to be done next', () => {
  test('nothing, where each state has its version: also where the one in effect is one of an earlier text', () => {
    expect(step([1, 'open', 'new', 'default'], [2, 'degraded', 'new'], [3, 'stopped', 'new'])).toBeUndefined();
    const beside = [
      [3, 'open', 'new'],
      [4, 'degraded', 'new'],
      [5, 'stopped', 'new'],
    ] as const;
    expect(step([2, 'stopped', 'old', 'default'], ...beside)).toBeUndefined();
  });

  test('a state that lacks its version gets it, first the first', () => {
    expect(step([1, 'open', 'new', 'default'])).toEqual({ kind: 'create', state: 'degraded', document: NOW.degraded });
    expect(step([1, 'open', 'new', 'default'], [2, 'degraded', 'new'])).toMatchObject({
      kind: 'create',
      state: 'stopped',
    });
    expect(step()).toMatchObject({ kind: 'create', state: 'open' });
  });

  test('what is foreign goes first, but never what is in effect', () => {
    expect(step([1, 'open', 'new'], [2, 'foreign', 'x', 'default'], [3, 'foreign', 'y'])).toEqual({
      kind: 'remove',
      id: 'v3',
      why: 'foreign',
    });
    expect(step([1, 'open', 'new'], [2, 'foreign', 'x', 'default'])).toMatchObject({
      kind: 'create',
      state: 'degraded',
    });
  });

  test('of two with the same text the newer stays; the older too while it is in effect, which the meter changes', () => {
    const others = [
      [1, 'open', 'new'],
      [2, 'degraded', 'new'],
    ] as const;
    expect(step(...others, [3, 'stopped', 'new'], [4, 'stopped', 'new'])).toEqual({
      kind: 'remove',
      id: 'v3',
      why: 'doubled',
    });
    expect(step(...others, [3, 'stopped', 'new', 'default'], [4, 'stopped', 'new'])).toBeUndefined();
  });

  test('an earlier text stays until its state has today’s, also where another must be written first', () => {
    const old = [
      [1, 'open', 'new', 'default'],
      [2, 'degraded', 'old'],
      [3, 'stopped', 'old'],
    ] as const;
    expect(step(...old)).toMatchObject({ kind: 'create', state: 'degraded' });
    expect(step(...old, [4, 'degraded', 'new'])).toEqual({ kind: 'remove', id: 'v2', why: 'outdated' });
    expect(step(old[0], old[2], [4, 'degraded', 'new'])).toMatchObject({ kind: 'create', state: 'stopped' });
  });

  test('full of earlier texts: the oldest that its state can spare, and never the last of a state', () => {
    const full = [
      [1, 'open', 'old', 'default'],
      [2, 'degraded', 'old'],
      [3, 'stopped', 'old'],
      [4, 'stopped', 'older'],
    ] as const;
    expect(step(...full, [5, 'degraded', 'older'])).toEqual({ kind: 'remove', id: 'v2', why: 'outdated' });
    expect(
      step(
        [1, 'stopped', 'old', 'default'],
        [2, 'stopped', 'older'],
        [3, 'open', 'old'],
        [4, 'degraded', 'old'],
        [5, 'foreign', 'x'],
      ),
    ).toMatchObject({ kind: 'remove', id: 'v5', why: 'foreign' });
    expect(
      step(
        [1, 'foreign', 'x', 'default'],
        [2, 'open', 'old'],
        [3, 'degraded', 'old'],
        [4, 'stopped', 'old'],
        [5, 'stopped', 'older'],
      ),
    ).toEqual({ kind: 'remove', id: 'v4', why: 'outdated' });
  });

  test('a rolled back deploy: where the text in effect is newer than today’s, today’s is written again, so that the meter changes to it', () => {
    const rest = [
      [1, 'open', 'new'],
      [2, 'degraded', 'new'],
    ] as const;
    const rolledBack = [...rest, [3, 'stopped', 'new'], [4, 'stopped', 'withdrawn', 'default']] as const;
    expect(step(...rolledBack)).toEqual({ kind: 'create', state: 'stopped', document: NOW.stopped });
    expect(step(...rolledBack, [5, 'stopped', 'new'])).toEqual({ kind: 'remove', id: 'v3', why: 'doubled' });
    // Also where it is not in effect: the meter goes by the newest, and a run with that text may still be at work.
    const withdrawn = [...rest, [3, 'stopped', 'new', 'default'], [4, 'stopped', 'withdrawn']] as const;
    expect(step(...withdrawn)).toEqual({ kind: 'create', state: 'stopped', document: NOW.stopped });
    expect(step(...rest, [4, 'stopped', 'withdrawn', 'default'], [5, 'stopped', 'new'])).toBeUndefined();
  });

  test('a version that no document stands in is foreign', () => {
    const version = { id: 'v7', isDefault: false, createdAt: 0, document: undefined };
    expect(nextVersionStep([versionOf(1, 'open', 'new', 'default'), version], NOW, sha256)).toMatchObject({
      id: 'v7',
      why: 'foreign',
    });
  });

  test('versions are read and left as they are', () => {
    const versions = Object.freeze(
      [1, 2, 3, 4, 5].map((id) => Object.freeze(versionOf(id, 'stopped', 'old', id === 2 ? 'default' : ''))),
    );
    expect(nextVersionStep(versions, NOW, sha256)).toEqual({ kind: 'remove', id: 'v1', why: 'outdated' });
  });
});

test('of two versions the newer is the one made later; in the same second, the one with the higher number', () => {
  const at = (id: number, createdAt: number) => ({ ...versionOf(id, 'open', 'new'), createdAt });
  const order = (...versions: ReturnType<typeof at>[]) => versions.sort(newestFirst).map(({ id }) => id);
  expect(order(at(2, 0), at(10, 0), at(9, 0))).toEqual(['v10', 'v9', 'v2']);
  expect(order(at(9, 1000), at(10, 0))).toEqual(['v9', 'v10']);
  expect(order(at(10, 0), at(9, 1000))).toEqual(['v9', 'v10']);
});

test('documents of different texts are different versions of the same state', () => {
  expect(documentOf('stopped', 'new')).not.toEqual(documentOf('stopped', 'old'));
});
