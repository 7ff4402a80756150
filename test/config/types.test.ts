import shipped from '../../config/budget-tiers';
import { defineGuard, type GuardInput } from '../../config/schema';

const dev = shipped.environments['dev']!;
const withDev = (environment: GuardInput['environments'][string]) =>
  defineGuard({ environments: { dev: environment } });

/** `npm run types` fails on a line below that compiles after all: each is a mistake that an editor must show. */
test('wrong types are compile errors too', () => {
  const mistakes = [
    // @ts-expect-error a limit is a number
    () => withDev({ ...dev, monthlyLimitUsd: '50' }),
    // @ts-expect-error classes are production and nonProduction
    () => withDev({ ...dev, class: 'prod' }),
    // @ts-expect-error a setting that does not exist
    () => withDev({ ...dev, stopAt: 95 }),
    // @ts-expect-error an account is text: 12 digits can begin with 0
    () => withDev({ ...dev, account: 111122223333 }),
    // @ts-expect-error degrade at a number, or never
    () => withDev({ ...dev, degradeAtPercent: 'always' }),
    // @ts-expect-error a model is an object with an id
    () => withDev({ ...dev, models: { ...dev.models, small: ['amazon.nova-lite-v1:0'] } }),
    // @ts-expect-error a bill action that acts by itself in its own way must say why
    () => withDev({ ...dev, billAction: { automaticAtPercent: 120 } }),
  ];
  expect(mistakes).toHaveLength(7);
});
