import { nearestKey } from '../../config/nearest-key';
import { PROPS } from '../../lib/props-shape';

describe('how many letters may be off: a third of the name, three at most', () => {
  test.each([
    ['at', 'it', 'to'],
    ['from', 'fron', 'frxyz'],
    ['kind', 'knid', 'xyzd'],
    ['region', 'rgeion', 'rgxyon'],
    ['channel', 'chxyzel', 'cwxyzel'],
    ['monthlyLimitUsd', 'monthlyLimit', 'monthLimit'],
    ['runawayBrakePercentPerHour', 'runawayBrakePercentPerXYZr', 'runawayBrakePercentPerWXYZ'],
  ])('%s: %s is near, %s is far', (name, near, far) => {
    expect([nearestKey(near, [name]), nearestKey(far, [name])]).toEqual([name, undefined]);
  });
});

test.each<[string, string, readonly string[], string | undefined]>([
  ['the nearest of several', 'channel', ['chapel', 'channels'], 'channels'],
  ['the first of two that are as near', 'cat', ['bat', 'hat'], 'bat'],
  ['in whatever case', 'MONTHLYLIMITUSD', ['owner', 'monthlyLimitUsd'], 'monthlyLimitUsd'],
  ['none where there are none', 'at', [], undefined],
  ['none for nothing', '', ['at', 'owner'], undefined],
  ['none for what is much longer', `owner${'x'.repeat(10_000)}`, ['owner'], undefined],
])('%s', (_what, written, names, expected) => {
  expect(nearestKey(written, names)).toBe(expected);
});

test('each prop is found with a letter too much', () => {
  for (const prop of PROPS) expect(nearestKey(`${prop}x`, PROPS)).toBe(prop);
});
