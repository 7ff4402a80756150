import { burningCaches, cacheLines } from '../../cli/cache-lines';
import { assess } from '../../core/meter/assess';
import type { KnownAssessment, UsageResolution } from '../../core/meter/types';
import { usd } from '../../core/money';
import { at, reading } from '../helpers/meter-world';
import { CLAUDE, every, hours, priced, type Tokens } from '../core/meter/caches';

const NOW = at('2026-11-10T12:30');

function seen(byHour: Readonly<Record<string, Tokens>>, resolution: UsageResolution = priced()): KnownAssessment {
  const known = assess(reading(NOW, ...hours(byHour)), resolution, undefined, NOW);
  if (known.kind === 'unknown') throw new Error(known.why);
  return known;
}

const WELL = every('2026-11-01T00:00', '2026-11-10T02:00', { write: 1_000_000, read: 12_000_000 });

test('a cache that has turned is said once, by the last hours, with what it was and what it costs', () => {
  const known = seen({ ...WELL, ...every('2026-11-10T02:00', '2026-11-10T12:00', { write: 13_000_000 }) });
  expect(burningCaches(known, usd(1000))).toHaveLength(1);
  // Six hours of 13M: written at $2, or a thirteenth of them and the rest read at $0.10.
  expect(cacheLines(known, usd(1000))).toEqual([
    {
      text: '  prompt cache      amazon.nova-lite-v1:0 in us-east-1: 0 reads a write, 12 earlier this month: up to $136.80 more than before, 2026-11-10 06:00 to 2026-11-10 12:00 UTC',
      tone: 'warning',
    },
  ]);
});

test('one that never paid is said by what it lost', () => {
  const known = seen(every('2026-11-01T00:00', '2026-11-10T12:00', { write: 1_000_000 }));
  expect(cacheLines(known, usd(1000))).toMatchObject([
    { text: expect.stringContaining('0 reads a write: up to $6.00 more than without it, 2026-11-10 06:00') },
  ]);
});

test('one that was bad in the month and is not used now is said of the month', () => {
  const known = seen(every('2026-11-02T00:00', '2026-11-03T00:00', { write: 1_000_000 }));
  expect(cacheLines(known, usd(1000))).toMatchObject([
    { text: expect.stringContaining('up to $24.00 more than without it, 2026-11-01 00:00') },
  ]);
});

test('what nobody can judge is said, and nothing where all is well or nothing is known', () => {
  const unknown = seen({ '2026-11-09T10:00': { write: 90_000_000 } }, priced({ ...CLAUDE, cacheRead: 'unsupported' }));
  expect(cacheLines(unknown, usd(1000))).toEqual([
    '  prompt cache      amazon.nova-lite-v1:0 in us-east-1: whether it pays is unknown: its price list says that it has no cache',
  ]);
  expect(cacheLines(seen(WELL), usd(1000))).toEqual([]);
  expect(cacheLines(undefined, usd(1000))).toEqual([]);
});
