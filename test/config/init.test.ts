import * as fc from 'fast-check';
import * as estree from 'prettier/plugins/estree';
import * as typescript from 'prettier/plugins/typescript';
import * as prettier from 'prettier/standalone';
import { answerProblems, type InitAnswers, initInput, type InitModule, initText } from '../../config/init';
import { DEFAULTS } from '../../config/defaults';
import { loadGuard } from '../../config/load';
import { exportedBy } from '../helpers/empty-app';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const ANSWERS: InitAnswers = {
  environment: 'dev',
  region: 'us-east-1',
  models: ['amazon.nova-lite-v1:0'],
  monthlyLimitUsd: 50,
  owner: 'team@example.com',
  roles: ['team/app'],
};
const STYLE = { parser: 'typescript', singleQuote: true, plugins: [estree, typescript] };
const MODULES: readonly InitModule[] = ['import', 'require'];

describe('the text of a config', () => {
  test.each(MODULES)('says what was answered, by %s', (module) => {
    expect(exportedBy(initText(ANSWERS, module))).toEqual(initInput(ANSWERS));
    expect(loadGuard(exportedBy(initText(ANSWERS, module)), NOW).environments).toMatchObject([
      {
        name: 'dev',
        region: 'us-east-1',
        owner: 'team@example.com',
        budgetOwner: 'team@example.com',
        limit: 50e9,
        models: [{ id: 'amazon.nova-lite-v1:0' }],
        principals: { roles: [{ name: 'app', path: '/team/' }] },
        stopAtPercent: DEFAULTS.stopAtPercent,
      },
    ]);
  });

  test('is a module of the kind that was asked for', () => {
    expect(initText(ANSWERS, 'import')).toMatch(/^import \{ [^}]+ \} from 'bedrock-spend-guard\/config';$/m);
    expect(initText(ANSWERS, 'import')).toMatch(/^export default defineGuard\(\{$/m);
    expect(initText(ANSWERS, 'require')).toMatch(/^const \{ [^}]+ \} = require\('bedrock-spend-guard\/config'\);$/m);
    expect(initText(ANSWERS, 'require')).toMatch(/^module\.exports = defineGuard\(\{$/m);
    expect(initText(ANSWERS, 'require')).not.toMatch(/import|export /);
  });

  test('its comments name the percentages that hold', () => {
    const text = initText(ANSWERS, 'import');
    expect(text).toContain(`Mails at ${DEFAULTS.alertAtPercent.join(', ')}% of it`);
    expect(text).toContain(`at ${DEFAULTS.stopAtPercent}% every model is denied`);
  });

  const many = Array.from({ length: 40 }, (_, at) => `vendor.model-${at}-v1:0`);
  test.each<[string, Partial<InitAnswers>]>([
    ['little', { roles: [] }],
    ['a reason', { acceptOvershoot: "nobody calls it at that rate, and it's only for a trial of a week at the most" }],
    ['a short reason', { acceptOvershoot: 'a trial' }],
    ['quotes of both kinds', { acceptOvershoot: `it's a "trial"` }],
    ['more quotes of one kind', { acceptOvershoot: `it's Ana's "trial" of 'that'` }],
    ['40 models and roles', { models: many, roles: many.map((one) => `team/${one.slice(0, 12)}`) }],
    ['an environment with a hyphen', { environment: 'team-a' }],
    ['cents', { monthlyLimitUsd: 99.5 }],
  ])('is as prettier writes it: %s', async (_, more) => {
    for (const module of MODULES) {
      const text = initText({ ...ANSWERS, ...more }, module);
      expect(await prettier.format(text, STYLE)).toBe(text);
    }
  });

  const HOSTILE = [
    `'; process.exit(7); '`,
    `"; process.exit(7); "`,
    '`${process.exit(7)}`',
    '\\',
    "\\'; process.exit(7); //",
    'a\nprocess.exit(7)\n',
    'a\r\u2028process.exit(7)\u2029\u0085',
    '*/ process.exit(7) /*',
    '</script>\u0000\u001b[2J\u202e\u2066\ufeff',
    '\ud800',
    '😀 naïve',
  ];
  test.each(HOSTILE)('what is answered is data, never code: %j', (hostile) => {
    for (const module of MODULES) {
      const answers: InitAnswers = {
        environment: hostile,
        region: hostile,
        models: [hostile, `x${hostile}`],
        monthlyLimitUsd: 50,
        owner: hostile,
        roles: [hostile],
        acceptOvershoot: hostile,
      };
      const text = initText(answers, module);
      expect(exportedBy(text)).toEqual(initInput(answers));
      // A newline is the only one of what an editor or a terminal acts on, or does not show.
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
  });

  test('whatever is answered comes back as it was, and nothing of it is a line of its own', () => {
    const lines = (text: string) => text.split('\n').length;
    // The name of an object's prototype is refused as a name before it gets here.
    const name = fc.string({ unit: 'binary' }).filter((one) => one !== '__proto__');
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(name, text, text, text, (environment, region, owner, acceptOvershoot) => {
        const answers = { ...ANSWERS, environment, region, owner, acceptOvershoot };
        const written = initText(answers, 'import');
        expect(exportedBy(written)).toEqual(initInput(answers));
        expect(lines(written) - lines(initText(ANSWERS, 'import'))).toBeLessThanOrEqual(3);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is wrong with answers', () => {
  const of = (answers: Partial<InitAnswers>) =>
    answerProblems(answers, NOW).map(({ question, text }) => `${question}: ${text}`);

  test('nothing with right ones, however many there are yet', () => {
    expect(of({})).toEqual([]);
    for (const question of Object.keys(ANSWERS) as (keyof InitAnswers)[]) {
      expect(of({ [question]: ANSWERS[question] })).toEqual([]);
    }
    expect(of(ANSWERS)).toEqual([]);
  });

  test.each<[Partial<InitAnswers>, RegExp]>([
    [{ environment: '' }, /^environment: is no name for an environment: it must begin with a letter/],
    [{ environment: '1dev' }, /^environment: .* begin with a letter/],
    [{ environment: 'organization' }, /^environment: .* hub is called so/],
    [{ environment: 'x'.repeat(25) }, /^environment: .* at most 23 letters/],
    [{ environment: 'a.models' }, /^environment: /],
    [{ region: '' }, /^region: must have at least 1 characters, got ''$/],
    [{ region: 'mars' }, /^region: must be an AWS Region such as us-east-1, got 'mars'$/],
    [{ region: 'constructor' }, /^region: must be an AWS Region/],
    [{ region: 'eu-north-1' }, /^region: eu-north-1 does not offer .*; choose another Region$/],
    [{ models: [] }, /^models: must have at least 1 entries/],
    [
      { models: ['amazon.nova-lite-v1'] },
      /^models: must be a model of the price library .* nearest known: 'amazon.nova-lite-v1:0'$/,
    ],
    [{ models: ['amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'] }, /^models: repeats/],
    [
      { models: ['us.amazon.nova-lite-v1:0'], region: 'eu-west-1' },
      /^models: 'us\.amazon.* cannot be called from eu-west-1/,
    ],
    [{ monthlyLimitUsd: 0 }, /^monthlyLimitUsd: must be more than 0, got 0$/],
    [{ monthlyLimitUsd: 0.001 }, /^monthlyLimitUsd: must have at most two decimals/],
    [{ monthlyLimitUsd: 1_000_001 }, /^monthlyLimitUsd: must be at most 1000000/],
    [{ monthlyLimitUsd: Number.NaN }, /^monthlyLimitUsd: must be a number/],
    [{ owner: 'nobody' }, /^owner: must be a mail address such as team@example.com, got 'nobody'$/],
    [{ roles: ['a b'] }, /^roles: must be the name of an IAM role/],
    [{ roles: ['x', 'team/x'] }, /^roles: repeats/],
    [
      { roles: ['arn:aws:iam::111122223333:role/x'] },
      /^roles: must be in this environment's own account .* write the name alone/,
    ],
    [{ roles: ['aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef'] }, /^roles: .*permissionSets/],
  ])('%j: said once, of the question that it answers', (answers, expected) => {
    expect(of(answers)).toEqual([expect.stringMatching(expected)]);
    // The others do not hide it, nor does it hide them.
    expect(of({ ...ANSWERS, ...answers })).toEqual([expect.stringMatching(expected)]);
  });

  test('the name of an object’s prototype is no way around', () => {
    expect(of({ environment: '__proto__' })).toContainEqual(expect.stringMatching(/^environment: is no name/));
  });

  test('each limit that the config takes is taken, up to both ends', () => {
    for (const monthlyLimitUsd of [0.01, 1, 99.99, 1_000_000]) expect(of({ monthlyLimitUsd })).toEqual([]);
  });

  describe('what may be spent before a stop works is more than the limit', () => {
    const tight = { models: ['amazon.nova-lite-v1:0'], monthlyLimitUsd: 5 };

    test('is told once models and limit are known, and until somebody says why', () => {
      expect(of(tight)).toEqual([expect.stringMatching(/^acceptOvershoot: must say why that is acceptable/)]);
      expect(of({ models: tight.models })).toEqual([]);
      expect(of({ monthlyLimitUsd: 5 })).toEqual([]);
      expect(of({ ...tight, acceptOvershoot: 'a trial' })).toEqual([]);
      expect(of({ ...tight, acceptOvershoot: '' })).toEqual([expect.stringMatching(/^acceptOvershoot: /)]);
    });
  });
});
