import { expect, test } from '@jest/globals';
import { busyInSmallCalls, guardItself, selfCost, selfCostTotal } from '../../core/estimates';
import { NANO_PER_USD } from '../../core/money';
import { countsOf } from '../helpers/counts';
import { environmentOf } from '../helpers/stack';
import { read } from './public-texts';

const readme = read('README.md');

test('what the guard itself costs is what synth prints, in whole dollars', () => {
  const counts = countsOf(environmentOf('dev'));
  const { freeTierLeft, freeTierUsedUp, busy } = selfCostTotal(guardItself(selfCost(counts)));
  const [left, usedUp, called, small] = [freeTierLeft, freeTierUsedUp, busy, busyInSmallCalls(counts)].map(
    (nano) => `$${Math.round(nano / NANO_PER_USD)}`,
  );
  expect(readme.replaceAll('\n', ' ')).toContain(
    `comes to ${left} a month with the free tier left, ${usedUp} with it used up, and ${called} where models are called at all hours, up to ${small} where`,
  );
});

test('it answers in the order in which a newcomer asks, in at most 120 lines', () => {
  const headings = readme.split('\n').filter((line) => line.startsWith('## '));
  expect(headings).toEqual([
    '## See it',
    '## In your own CDK app',
    '## Deploy it',
    '## Give every client the hard limit',
    '## What it costs',
    '## What it does not do',
    '## Where things are',
  ]);
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});
