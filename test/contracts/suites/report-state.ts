import type { ReportDay, ReportStatePort } from '../../../core/report/ports';
import { contract } from './contract';

export interface ReportStateSubject {
  readonly port: ReportStatePort;
}

const DUE = '2026-11-12 Europe/Berlin' as ReportDay;
/** Of the same day, elsewhere. */
const NEXT = '2026-11-12 America/New_York' as ReportDay;
const NOW = Date.parse('2026-11-12T08:00:00Z');

export const reportStateContract = contract<ReportStateSubject>('report-state', [
  {
    name: 'the first claim of a report is given, the second is told that somebody is at it',
    async run({ port }) {
      expect(await port.claim(DUE, NOW, NOW - 1)).toEqual({ kind: 'claimed', attempt: 1 });
      expect(await port.claim(DUE, NOW + 1, NOW - 1)).toEqual({ kind: 'busy' });
      expect(await port.claim(NEXT, NOW, NOW - 1)).toEqual({ kind: 'claimed', attempt: 1 });
    },
  },
  {
    name: 'a claim is stale at its moment, not a millisecond earlier, and the next counts as a further attempt',
    async run({ port }) {
      await port.claim(DUE, NOW, NOW - 1);
      expect(await port.claim(DUE, NOW + 5, NOW - 1)).toEqual({ kind: 'busy' });
      expect(await port.claim(DUE, NOW + 5, NOW)).toEqual({ kind: 'claimed', attempt: 2 });
      expect(await port.claim(DUE, NOW + 9, NOW + 4)).toEqual({ kind: 'busy' });
    },
  },
  {
    name: 'of claims at once one is given',
    async run({ port }) {
      const claims = await Promise.all([1, 2, 3, 4].map(() => port.claim(DUE, NOW, NOW - 1)));
      expect(claims.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'busy', 'claimed']);
    },
  },
  {
    name: 'what was sent is sent for good, however old',
    async run({ port }) {
      await port.claim(DUE, NOW, NOW - 1);
      await port.markSent(DUE, NOW + 1, 'Report');
      expect(await port.claim(DUE, NOW + 2, NOW + 2)).toEqual({ kind: 'sent' });
    },
  },
  {
    name: 'what was mailed and not told to those who read none is said to be so, until it was told',
    async run({ port }) {
      await port.claim(DUE, NOW, NOW - 1);
      await port.markSent(DUE, NOW + 1, 'Report', true);
      expect(await port.claim(DUE, NOW + 2, NOW + 2)).toEqual({ kind: 'sent', isUntold: true });
      await port.markSent(DUE, NOW + 3, 'Report');
      expect(await port.claim(DUE, NOW + 4, NOW + 4)).toEqual({ kind: 'sent' });
    },
  },
]);
