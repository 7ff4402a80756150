import { withDefaults } from '../../config/defaults';
import { MeterBoundary } from '../../lib/meter-boundary';
import { PROPS } from '../../lib/props-shape';
import { BillAction, OnBlind } from '../../lib/spend-guard-props';
import { guardIn, someStack } from '../helpers/app-guard';
import { read } from './public-texts';

const doc = read('docs/construct.md');
const source = read('lib/spend-guard-props.ts');

/** By prop, what its comment says the default is; undefined: it is needed. */
const defaults = new Map(
  [...source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+readonly (\w+)(\??):/g)].map(
    ([, comment = '', prop = '', optional]) => {
      const [, told] =
        /@default (.*)/.exec(comment.replaceAll(/\n\s+\* (?!@)/g, ' ').replaceAll(/\s*\n.*/g, (line) => line)) ?? [];
      return [prop, optional === '?' ? told?.replace(/^- /, '').trim() : undefined] as const;
    },
  ),
);

test('each prop has its row, with the default that its comment has', () => {
  const rows = new Map(
    doc
      .split('\n')
      .flatMap((line) => [...line.matchAll(/^\| `(\w+)` +\| (.*?) +\|/g)])
      .map(([, prop = '', told]) => [prop, told]),
  );
  for (const prop of PROPS) {
    const told = defaults.get(prop);
    expect([prop, rows.get(prop)?.replaceAll('`', '')]).toEqual([prop, told?.replaceAll('`', '') ?? '_needed_']);
  }
});

test('the values in the comments are those that hold', () => {
  const { degradeAtPercent, ...rest } = withDefaults({
    region: 'us-east-1',
    monthlyLimitUsd: 50,
    owner: 'team@example.com',
    models: { small: ['a'], large: ['b'] },
  });
  const { alertAtPercent, stopAtPercent, dailyLimitPercent, runawayBrakePercentPerHour, enforce, report } = rest;
  const held: Readonly<Record<string, string>> = {
    production: String(rest.class === 'production'),
    alertAtPercent: `[${alertAtPercent.join(', ')}]`,
    stopAtPercent: String(stopAtPercent),
    dailyLimitPercent: String(dailyLimitPercent),
    runawayBrakePercentPerHour: String(runawayBrakePercentPerHour),
    enforce: String(enforce),
    meterWholeAccount: String(rest.identity === 'direct'),
    reportAt: `'${report.at}'`,
    timeZone: `'${report.timeZone}'`,
    billAction: BillAction.NEEDS_APPROVAL === rest.billAction ? 'BillAction.NEEDS_APPROVAL' : '',
    onBlind: OnBlind.PAGE === rest.onBlind ? 'OnBlind.PAGE' : '',
  };
  expect(Object.fromEntries(Object.keys(held).map((prop) => [prop, defaults.get(prop)]))).toEqual(held);
  expect(defaults.get('degradeAtPercent')).toContain(
    `${String(degradeAtPercent)} or, with an earlier stop, 5 before it`,
  );
});

test('what a boundary of the app must allow is what the meter is held to', () => {
  const stack = someStack();
  const boundary = guardIn(stack)
    .node.findAll()
    .find((one) => one instanceof MeterBoundary)!;
  const { Statement } = stack.resolve(boundary.policy.document) as { Statement: { Action: string | string[] }[] };
  const actions = [...new Set(Statement.flatMap(({ Action }) => Action))].sort();
  const [, listed = ''] = /for the\s+meter at least:\n+((?: {4}.*\n)+)/.exec(doc) ?? [];
  expect(listed.trim().split(/,?\s+/).sort()).toEqual(actions);
});
