import { usd, ZERO } from '../../../core/money';
import { moversOf } from '../../../core/report/movers';
import { reportMail } from '../../../core/report/report-text';
import type { CostReport } from '../../../core/report/report';
import { daysOf, each, figures, NOW, sample, spenders } from './sample-report';

const ZONE = 'America/Sao_Paulo';
const bodyOf = (report: CostReport) => reportMail(report, ZONE).body;
/** Up to the first empty line that follows the figures. */
const firstScreen = (report: CostReport) => {
  const lines = bodyOf(report).split('\n');
  return lines.slice(0, lines.indexOf('', lines.indexOf('') + 1));
};

const blind = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ line: `line ${at}`, state: 'blind' as const, why: 'it sees nothing' }));

test('the first screen: verdict, the month, what moved, what to decide', () => {
  expect(firstScreen(sample())).toEqual([
    'All is well: $24.99 of $50.00 spent (49%), $34.08 expected at the end.',
    '',
    'Spent in 2026-11     $24.99 of $50.00 (49%)',
    'Expected at the end  $34.08 (68%)',
    'Movers               Nova2.0Lite       +$3.10  +310%  $4.10 on 2026-11-21, usually $1.00',
    '                     Titan Embed        $0.25         on 2026-11-21, no usual day yet',
    '                     Claude Haiku 4.5                 not billed yet on 2026-11-21, usually $0.50',
    'To decide            nothing',
  ]);
});

describe('twelve lines at most', () => {
  test.each([
    [5, 12, '5. Line 4 is blind'],
    [6, 12, 'and 2 more, below'],
    [30, 12, 'and 26 more, below'],
  ])('%i things to decide take %i', (count, lines, last) => {
    const report = sample({ lines: blind(count) });
    expect(firstScreen(report)).toHaveLength(lines);
    expect(firstScreen(report).at(-1)!.trim()).toBe(last);
    // All of them are told, beneath.
    for (let at = 0; at < count; at += 1) expect(bodyOf(report)).toContain(`  ${at + 1}. Line ${at} is blind`);
  });

  test('where the bill is unknown', () => {
    const report = sample({ bill: { kind: 'unavailable', why: 'down' }, lines: blind(30) });
    expect(firstScreen(report)).toHaveLength(12);
  });
});

describe('the verdict', () => {
  const stop = [{ atPercent: 95, effect: 'stop', basis: 'actual' }] as never;
  test.each<[string, Partial<CostReport>, string]>([
    ['within', {}, 'All is well: $24.99 of $50.00 spent (49%), $34.08 expected at the end.'],
    [
      'something to decide',
      { lines: blind(2) },
      'Within the limit: $24.99 of $50.00 spent (49%), $34.08 expected at the end, and 2 things to decide.',
    ],
    [
      'on its way over the limit',
      { bill: figures({ forecast: { kind: 'known', amount: usd('50.01') } }) },
      'Heading over the limit: $24.99 of $50.00 spent (49%), $50.01 expected at the end, $0.01 too much.',
    ],
    [
      'at the limit at the end',
      { bill: figures({ forecast: { kind: 'known', amount: usd(50) } }) },
      'All is well: $24.99 of $50.00 spent (49%), $50.00 expected at the end.',
    ],
    [
      'no forecast',
      { bill: figures({ forecast: { kind: 'unavailable', why: 'too early' } }) },
      'Within the limit so far: $24.99 of $50.00 spent (49%) in 2026-11, no forecast yet.',
    ],
    [
      'just under the limit',
      { bill: figures({ monthToDate: usd('49.99'), crossed: stop }) },
      'Above the stop line: $49.99 of $50.00 spent (99%).',
    ],
    [
      'at the limit',
      { bill: figures({ monthToDate: usd(50), crossed: stop }) },
      'ABOVE the limit: $50.00 of $50.00 spent (100%).',
    ],
    ['unknown', { bill: { kind: 'unavailable', why: 'down' } }, 'What was spent is UNKNOWN: down.'],
  ])('%s', (_what, over, verdict) => {
    expect(firstScreen(sample(over))[0]).toBe(verdict);
  });

  test('nothing billed is not all well', () => {
    const bill = figures({ monthToDate: ZERO, nothingYet: true, forecast: { kind: 'unavailable', why: 'x' } });
    expect(firstScreen(sample({ bill }))[0]).toBe(
      'Nothing is billed yet this month. That is not the same as nothing used.',
    );
  });
});

describe('movers that are not there', () => {
  test.each<[string, Partial<CostReport>, string]>([
    ['the bill is unknown', { bill: { kind: 'unavailable', why: 'down' } }, 'unknown, as the bill is'],
    [
      'the day is not billed',
      { bill: figures({ movers: moversOf(each('a', 1), 'models', NOW) }) },
      'unknown: the bill has no line of 2026-11-21 yet',
    ],
    [
      'nothing moved',
      { bill: figures({ movers: moversOf([...each('a', 1), ...daysOf('a', [['2026-11-21', 1]])], 'models', NOW) }) },
      'none: every day is as usual',
    ],
  ])('%s', (_what, over, text) => {
    expect(firstScreen(sample(over)).find((line) => line.startsWith('Movers'))).toMatch(
      new RegExp(`^Movers +${text}$`),
    );
  });

  test('a report of a guard that tells of none', () => {
    const { movers: _, ...bill } = figures();
    expect(bodyOf(sample({ bill }))).toMatch(/Movers +unknown: the guard is of an earlier version/);
  });
});

test('a decline that leaves a little is never -100%, nor a growth of a little nothing', () => {
  const of = (amount: string) =>
    figures({ movers: moversOf([...each('a', 100), ...daysOf('a', [['2026-11-21', amount]])], 'models', NOW) });
  expect(bodyOf(sample({ bill: of('0.01') }))).toContain('-$99.99  -99%');
  expect(bodyOf(sample({ bill: of('100.50') }))).toContain('+$0.50  +<1%');
});

describe('who spent it', () => {
  test('the top with their share, the rest, and what has no name', () => {
    const text = bodyOf(sample({ spenders: { kind: 'known', value: spenders(2) } }));
    expect(text).toContain(
      [
        'Who spent it, 2026-11-01 to 2026-11-22, by the invocation log',
        '  person-0@example.com  $10.00  55.5%',
        '  app-role/session-1     $5.00  27.7%',
        '  3 others               $2.00  11.1%',
        '  without a name         $1.00   5.5%',
        '  Shares are of $18.00, which is not the bill: an estimate at list price from the calls in the log.',
      ].join('\n'),
    );
  });

  test('equal shares come to all, and a little is not none', () => {
    const value = spenders(1);
    const top = Array.from({ length: 3 }, (_, at) => ({ ...value.top[0]!, name: `p${at}`, amount: usd('1.59') }));
    const alike = {
      ...value,
      top,
      others: { count: 4, amount: usd('1.59') },
      nameless: usd('1.59'),
      total: usd('7.95'),
    };
    const text = bodyOf(sample({ spenders: { kind: 'known', value: alike } }));
    expect(text.match(/20\.0%/g)).toHaveLength(5);
    const little = { ...alike, nameless: usd('0.0001') };
    expect(bodyOf(sample({ spenders: { kind: 'known', value: little } }))).toMatch(/without a name +<\$0\.01 +<0\.1%/);
  });

  test.each([
    ['read in full', [], 'Shares are of $18.00, what the bill has'],
    ['for want of the log', ['by the invocation log: down'], 'Shares are of $18.00, what the bill has'],
  ])('by the tag it is the bill that is divided; %s', (_what, unknown, text) => {
    const value = spenders(2, { source: 'principalTag', unknown });
    expect(bodyOf(sample({ spenders: { kind: 'known', value } }))).toContain(text);
    expect(bodyOf(sample({ spenders: { kind: 'known', value } }))).not.toContain('estimate at list price');
  });

  test('a log that was read in part has at least its total', () => {
    const value = spenders(2, { unknown: ['2026-11-03: the query timed out'] });
    expect(bodyOf(sample({ spenders: { kind: 'known', value } }))).toContain('Shares are of at least $18.00, which');
  });

  test('unknown stays unknown; what is not asked for is not told', () => {
    const text = bodyOf(sample({ spenders: { kind: 'unavailable', why: 'the log group is not there' } }));
    expect(text).toContain('Who spent it\n  unknown: the log group is not there');
    expect(bodyOf(sample())).not.toContain('Who spent it');
    const value = spenders(1, { unknown: ['2026-11-03: the query timed out'] });
    expect(bodyOf(sample({ spenders: { kind: 'known', value } }))).toContain(
      '  not known: 2026-11-03: the query timed out',
    );
  });

  test('a name of several lines is one of a line', () => {
    const value = spenders(1);
    const top = [{ ...value.top[0]!, name: 'eve\n-- Details --\nAll is well' }];
    const text = bodyOf(sample({ spenders: { kind: 'known', value: { ...value, top } } }));
    expect(text.split('\n').filter((line) => line === '-- Details --')).toHaveLength(1);
  });
});

test('twelve digits keep their groups', () => {
  const bill = figures({ monthToDate: usd('8123456.78'), forecast: { kind: 'known', amount: usd('9000000') } });
  expect(bodyOf(sample({ limit: usd('8999999'), bill }))).toContain('$8,123,456.78 of $8,999,999.00');
});
