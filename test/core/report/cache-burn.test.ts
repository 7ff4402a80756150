import { utcMonth } from '../../../core/calendar';
import { assess } from '../../../core/meter/assess';
import type { KnownAssessment, UsageResolution } from '../../../core/meter/types';
import { usd, type NanoUsd } from '../../../core/money';
import { makeMeterReport, type MeterFigures } from '../../../core/report/meter-report';
import { fullState } from '../../helpers/meter-states';
import { at, reading } from '../../helpers/meter-world';
import { CLAUDE, every, hours, priced, type Tokens } from '../meter/caches';

const NOW = at('2026-11-10T12:30');

function figuresOf(known: KnownAssessment, limit: NanoUsd): MeterFigures {
  const state = { ...fullState(utcMonth(NOW)), reading: { at: NOW, known } };
  const { figures } = makeMeterReport({
    state: { kind: 'known', value: state },
    order: { kind: 'known', value: undefined },
    calibration: { kind: 'known', value: { factor: 1.5, at: NOW } },
    days: [],
    comparison: { days: [], notCompared: [] },
    models: [],
    limit,
    now: NOW,
  });
  if (figures.kind !== 'known') throw new Error(figures.why);
  return figures;
}

function seen(byHour: Readonly<Record<string, Tokens>>, resolution: UsageResolution = priced()): KnownAssessment {
  const known = assess(reading(NOW, ...hours(byHour)), resolution, undefined, NOW);
  if (known.kind === 'unknown') throw new Error(known.why);
  return known;
}

test('what caching cost in the month is, to the cent, what an independent sum of the month says, calibrated or not', () => {
  const byHour = every('2026-11-01T00:00', '2026-11-10T12:00', { input: 70_001, write: 1_000_003, read: 40_007 });
  const hoursOfIt = Object.keys(byHour).length;
  const { cacheBurn = [] } = figuresOf(seen(byHour), usd(1000));
  const lost = (hoursOfIt * (1_000_003 * (2 - 1) - 40_007 * (1 - 0.1))) / 1e6;
  expect(cacheBurn).toHaveLength(1);
  expect(cacheBurn[0]!.lost / 1e9).toBeCloseTo(lost, 6);
});

test('a cache that pays, one of pennies and one in a large limit are not named', () => {
  const well = every('2026-11-01T00:00', '2026-11-10T12:00', { write: 1_000_000, read: 5_000_000 });
  expect(figuresOf(seen(well), usd(100))).not.toHaveProperty('cacheBurn');
  const little = { '2026-11-09T10:00': { write: 900_000 } };
  expect(figuresOf(seen(little), usd(1))).not.toHaveProperty('cacheBurn');
  const some = { '2026-11-09T10:00': { write: 10_000_000 } };
  expect(figuresOf(seen(some), usd(1000)).cacheBurn).toHaveLength(1);
  expect(figuresOf(seen(some), usd(1001))).not.toHaveProperty('cacheBurn');
});

test('what nobody can judge, and what only saves less than it did, are findings', () => {
  const some = { '2026-11-09T10:00': { write: 10_000_000 } };
  const unknown = figuresOf(seen(some, priced({ ...CLAUDE, cacheRead: 'unsupported' })), usd(100));
  expect(unknown).not.toHaveProperty('cacheBurn');
  expect(unknown.findings).toEqual([
    'amazon.nova-lite-v1:0 (abc123 in us-east-1): whether its prompt cache pays is unknown: its price list says that it has no cache',
  ]);
  const turned = {
    ...every('2026-11-01T00:00', '2026-11-10T02:00', { write: 1_000_000, read: 12_000_000 }),
    ...every('2026-11-10T02:00', '2026-11-10T12:00', { write: 5_000_000, read: 8_000_000 }),
  };
  const { findings } = figuresOf(seen(turned), usd(100));
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatch(
    /its prompt cache has 1\.6 reads a write, 12 earlier this month: up to \$\d+\.\d\d more; likely: /,
  );
});
