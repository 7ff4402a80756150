import { DAY_MS } from '../../../core/calendar';
import type { MeterState } from '../../../core/decision/meter-state';
import { usd } from '../../../core/money';
import { known } from '../../helpers/meter-world';
import { quietMeter } from '../../helpers/quiet-meter';
import { costCheck, NOW } from './harness';
import { LITE, billed } from './metered';

describe('the meter in the report', () => {
  const now = Date.parse(NOW);
  const tokens = { input: 1_000_000, output: 200_000, cacheRead: 30_000, cacheWrite: 4_567 };
  const lost = { metricId: 'lost456', region: 'us-east-1', modelId: 'lost456', tier: 'unknown', tokens } as const;
  const busy: MeterState = quietMeter(now, {
    reading: {
      at: now,
      known: {
        ...known(now, { spend: '31.5', today: '2.25', lowerBound: true }),
        foreign: [
          { metricId: 'a', region: 'us-east-1', owner: 'staging', tokens },
          { metricId: 'b', region: 'eu-west-1', owner: 'staging', tokens },
        ],
        unguarded: [{ metricId: LITE, region: 'us-east-1', owner: 'nobody', tokens }],
        byModel: [
          { ...lost, metricId: 'byhand', modelId: 'anthropic.claude-opus-4-1', monthToDate: usd(2), today: usd(0) },
          { ...lost, monthToDate: usd(1), today: usd(0) },
        ],
        unattributed: [{ ...lost, monthToDate: usd(1), today: usd(0) }],
        findings: [
          { kind: 'negative', understates: true, text: 'us-east-1 X: a negative count: left out' },
          { kind: 'unlisted', understates: true, text: 'us-east-1 lost456: no price is known' },
        ],
      },
    },
  });

  test('month to date and today beside the bill, what is not counted, what has no price, what was found', async () => {
    const check = costCheck({ now: NOW, meter: busy, items: billed(['2026-11-21', '29.5']) });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.figures).toEqual({
      kind: 'known',
      asOf: '2026-11-23T11:00:00.000Z',
      monthToDate: usd('31.5'),
      percentOfLimit: 63,
      today: usd('2.25'),
      lowerBound: true,
      unattributed: ['lost456'],
      unconfigured: ['anthropic.claude-opus-4-1'],
      foreign: [{ owner: 'staging', tokens: 2_469_134 }],
      unguarded: 1_234_567,
      findings: ['us-east-1 X: a negative count: left out'],
    });
    const { body } = check.mail.sent[0]!;
    expect(body).toMatch(/Spent in 2026-11 +at least \$31\.50 of \$50\.00 \(the bill: \$29\.50\)/);
    expect(body).toMatch(/Today so far +at least \$2\.25/);
    expect(body).toMatch(/Not counted +2,469,134 tokens of staging/);
    expect(body).toMatch(/Not counted +1,234,567 tokens used without a profile/);
    expect(body).toMatch(/No known price +lost456: counted at the dearest rate, real spend may be higher/);
    expect(body).toMatch(/Not in the config +anthropic\.claude-opus-4-1: counted at the list price/);
    expect(body.match(/lost456/g)).toHaveLength(1);
    expect(body).toMatch(/Found +us-east-1 X: a negative count: left out/);
  });

  test('a meter that has not run is blind, and its figures are unknown', async () => {
    const check = costCheck({ now: NOW, meter: 'none' });
    const { meter, lines } = await check.onDemand({ mail: true });
    expect(lines.find(({ line }) => line === 'meter')).toMatchObject({ state: 'blind' });
    expect(meter).not.toHaveProperty('denies');
    expect(check.mail.sent[0]!.body).toContain('What it counts is unknown: it has not run yet.');
    expect(check.mail.sent[0]!.subject).toContain('meter is blind');
  });

  test('a read of yesterday says nothing of today', async () => {
    const meter = quietMeter(now, { reading: { at: now, known: known(now - DAY_MS, { spend: 3 }) } });
    const check = costCheck({ now: NOW, meter });
    expect((await check.onDemand({ mail: true })).meter.figures).not.toHaveProperty('today');
    expect(check.mail.sent[0]!.body).toMatch(/Today so far +not read yet/);
  });

  test.each([
    ['stopped', 'stopped by the meter'],
    ['degraded', 'large models are denied'],
  ] as const)('%s stands in the subject', async (desired, headline) => {
    const items = billed(['2026-11-21', '5']);
    const meter = quietMeter(now, { desired, decision: { ...quietMeter(now).decision, desired } });
    const check = costCheck({ now: NOW, meter, items });
    const { lines } = await check.onDemand({ mail: true });
    expect(lines.find(({ line }) => line === 'meter')).toMatchObject({ state: 'applied' });
    expect(check.mail.sent[0]!.subject).toContain(headline);
  });

  test.each([
    ['just under the stop line', '47.49', 'above the degrade line, $47.49 by the meter'],
    ['at it', '47.5', 'above the stop line, $47.50 by the meter'],
    ['over the limit', '60', 'ABOVE the limit by $10.00, $60.00 by the meter'],
  ])('a meter %s beside a bill that is late stands in the subject', async (_what, spend, headline) => {
    const meter = quietMeter(now, { reading: { at: now, known: known(now, { spend }) } });
    const check = costCheck({ now: NOW, meter, items: billed(['2026-11-21', '22']) });
    await check.onDemand({ mail: true });
    expect(check.mail.sent[0]!.subject).toContain(headline);
    expect(check.mail.sent[0]!.body).not.toContain('All is well');
  });

  test('what a dry run would deny, and a line in grace, are to be decided', async () => {
    const decision = {
      ...quietMeter(now).decision,
      desired: 'stopped' as const,
      grace: { until: now + DAY_MS, causes: [], why: 'firstSeen' as const },
    };
    const meter = quietMeter(now, { decision });
    const check = costCheck({ now: NOW, meter, variables: { ENFORCE: 'false' }, items: billed(['2026-11-21', '5']) });
    await check.onDemand({ mail: true });
    const { body } = check.mail.sent[0]!;
    expect(body).toContain('The meter has decided to deny every model, and denies nobody: this is a dry run');
    expect(body).toContain('A line is reached, and waits until 2026-11-24 11:00 UTC before anybody is denied');
  });

  test('a dry run is said as one', async () => {
    const check = costCheck({ now: NOW, variables: { ENFORCE: 'false' } });
    await check.onDemand({ mail: true });
    expect(check.mail.sent[0]!.body).toContain('meter: dry run - it denies nobody');
  });
});
