import type { MeterMemory, UsageResolution } from '../../../core/meter/types';
import { usd, ZERO } from '../../../core/money';
import type { PicoUsd } from '../../../core/prices';
import { at, MODEL, PRICE, reading, series, USAGE } from '../../helpers/meter-world';
import { knownOf, memory, M, NOW } from './assessed';

describe('the last hour', () => {
  const used = [
    series({}, [
      ['2026-11-10T08:00', 50 * M],
      ['2026-11-10T11:00', 2 * M],
      ['2026-11-10T12:00', M],
    ]),
  ];
  test.each([
    ['without an earlier read: this hour and the one before', [], 3],
    ['late points of earlier hours are not in it', [[61, 0]], 3],
    ['what an earlier read had is not in it', [[61, '51.5']], '1.5'],
    ['an entry 60 minutes old counts', [[60, '52.5']], '0.5'],
    ['one of 59 minutes is too young', [[59, '52.5']], 3],
    [
      'the latest of those old enough',
      [
        [75, 51],
        [62, '52'],
      ],
      1,
    ],
  ] as const)('%s', (_name, entries, expected) => {
    const ring = entries.map(([minutes, amount]) => ({ at: NOW - minutes * 60_000, monthToDate: usd(amount) }));
    expect(knownOf(reading(NOW, ...used), memory({ monthToDate: ZERO, ring })).lastHour).toBe(usd(expected));
  });
});

describe('the last hour in the first one of a month', () => {
  const start = at('2026-11-01T00:00');
  const used = series({ metric: 'CacheReadInputTokens' }, [
    ['2026-11-01T00:00', 1],
    ['2026-11-01T01:00', 1],
  ]);
  const half: UsageResolution = {
    ...USAGE,
    classes: { abc123: { kind: 'ours', model: { ...MODEL, price: { ...PRICE, cacheRead: 500 as PicoUsd } } } },
  };
  test.each([
    ['two hours that are rounded up by themselves are no more than the month', 90, 1],
    ['and the first by itself', 30, 1],
  ])('%s', (_what, minutes, expected) => {
    const now = start + minutes * 60_000;
    expect(knownOf(reading(now, used), undefined, now, half).lastHour).toBe(expected);
  });
});

describe('the burn', () => {
  const used = [series({}, [['2026-11-10T12:00', 30 * M]])];
  test.each([
    ['no earlier read: this hour over its 30 minutes', [], 1],
    ['over 10 minutes', [[10, 20]], 1],
    ['2 minutes are enough', [[2, 20]], 5],
    ['less than 2 are not', [['1.9', 20]], 1],
    ['15 minutes still count', [[15, 0]], 2],
    ['16 do not', [[16, 0]], 1],
    [
      'the faster of short and long',
      [
        [14, 16],
        [2, 20],
      ],
      5,
    ],
    ['a late fall is none', [[10, 30]], 0],
  ] as const)('%s', (_name, entries, expected) => {
    const ring = entries.map(([minutes, amount]) => ({ at: NOW - Number(minutes) * 60_000, monthToDate: usd(amount) }));
    expect(knownOf(reading(NOW, ...used), memory({ monthToDate: ZERO, ring })).burnPerMinute).toBe(usd(expected));
  });
});

test.each([
  ['at half past, both hours over 90 minutes', '2026-11-10T12:30', 1],
  ['on the hour, over the 60 of the one before', '2026-11-10T12:00', '1.5'],
])('no earlier read and a pause since the full hour: %s', (_what, time, expected) => {
  const now = at(time);
  const used = series({}, [['2026-11-10T11:00', 90 * M]]);
  expect(knownOf(reading(now, used), undefined, now).burnPerMinute).toBe(usd(expected));
});

test('the ring holds an hour and no more, in order, without times to come', () => {
  let previous: MeterMemory | undefined;
  for (let minute = 0; minute < 200; minute++) previous = knownOf(reading(NOW), previous, NOW + minute * 60_000).memory;
  const ages = previous?.ring.map((entry) => NOW + 199 * 60_000 - entry.at) ?? [];
  expect(ages.length).toBe(81);
  expect(Math.max(...ages)).toBe(80 * 60_000);
  const back = knownOf(reading(NOW), previous, NOW);
  expect(back.burnPerMinute).toBe(ZERO);
  expect(back.memory.ring.every((entry) => entry.at <= NOW)).toBe(true);
});

test('two reads at the same moment are one entry of the ring', () => {
  const { memory: first } = knownOf(reading(NOW));
  const { memory: second } = knownOf(reading(NOW), first);
  expect([first.ring, second.ring]).toEqual([[{ at: NOW, monthToDate: ZERO }], [{ at: NOW, monthToDate: ZERO }]]);
});
