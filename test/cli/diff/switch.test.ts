import { FINGERPRINT } from '../../../core/estimates/assembly-metadata';
import { EXIT_CODES } from '../../../cli/exit-codes';
import shipped from '../../../config/budget-tiers';
import { assemblyOf, edited, removeAssemblies, resource } from '../assemblies';
import { compared } from '../compared';
import { propertiesOf } from '../../helpers/template-properties';

/** The switch denies nothing in a template: what it would no longer do is told by what makes it. */

const PRINCIPALS = { roles: ['app'], users: [], groups: [], permissionSets: ['Developer'] };

let base = '';
beforeAll(() => {
  base = dev();
});
afterAll(removeAssemblies);

type Template = Parameters<Parameters<typeof edited>[2]>[0];

function dev(changes: Readonly<Record<string, unknown>> = {}): string {
  return assemblyOf((environments) => ({
    dev: { ...environments['dev'], billAction: 'none', principals: PRINCIPALS, ...changes },
  }));
}

const policy = (template: Template) => resource(template, 'AWS::IAM::ManagedPolicy', /^SwitchPolicy$/).Properties;

test.each<[string, (template: Template) => unknown, RegExp]>([
  [
    'gone',
    (template) => delete template.Resources['SwitchPolicy'],
    /SwitchPolicy \(the switch\) \| there \| none \| gone/,
  ],
  [
    'under another path',
    (template) => (policy(template)['Path'] = '/elsewhere/'),
    /SwitchPolicy \(the switch\) \| there \| none \| gone/,
  ],
  [
    'on no role',
    (template) => delete policy(template)['Roles'],
    /SwitchPolicy: Roles \| .* \| none \| no longer there/,
  ],
  [
    'with another text, which CloudFormation puts in effect',
    (template) => (policy(template)['PolicyDocument'].Statement[0].Sid = 'Another'),
    /SwitchPolicy: PolicyDocument \| .* \| the deploy opens it, also where it is stopped/,
  ],
  [
    'with nobody to write its versions',
    (template) => {
      const [id] = Object.entries(template.Resources).find(([, { Type }]) => Type === 'Custom::SpendGuardSwitch')!;
      delete template.Resources[id];
    },
    /\(Custom::SpendGuardSwitch\) \| there \| none \| gone/,
  ],
])('%s: the guard is weakened', (_, edit, line) => {
  const { exitCode, text } = compared(
    base,
    edited(base, 'SpendGuard-dev', (template) => void edit(template)),
  );
  expect(text).toMatch(line);
  expect([EXIT_CODES.weakened, EXIT_CODES.replacedAndWeakened]).toContain(exitCode);
});

test.each([
  [
    'somebody',
    { principals: { ...PRINCIPALS, roles: [] } },
    /switch: PRINCIPALS\.roles\[app\] .* a stop no longer reaches it/,
  ],
  [
    'a permission set',
    { principals: { ...PRINCIPALS, permissionSets: [] } },
    /health-check: PERMISSION_SETS\[Developer\] .* nobody looks whether it has the switch/,
  ],
])('%s who is no longer named is weaker, the other way round is not', (_, changes, line) => {
  const less = dev(changes);
  expect(compared(base, less).text).toMatch(line);
  expect(compared(less, base).text).toContain('The guard is not weakened');
});

test('one more model that degraded leaves is weaker, one less is not', () => {
  const models = structuredClone(shipped.environments['dev']!.models);
  const [moved, ...large] = models.large;
  const more = dev({ models: { ...models, small: [...models.small, moved], large } });
  expect(compared(base, more).text).toMatch(/switch: SMALL_MODELS\[.*\] .* degraded leaves one more model/);
  expect(compared(more, base).text).not.toContain('degraded leaves');
});

test('the fingerprint of the rest of the template is no access', () => {
  const other = dev({ dailyLimitPercent: 19 });
  expect(compared(base, other).text).toContain('Access gets no broader');
  const forged = edited(base, 'SpendGuard-dev', (template) => {
    resource(template, 'Custom::SpendGuardSwitch').Properties[FINGERPRINT] = '*';
  });
  expect(compared(base, forged).text).toContain('**Access gets broader** in 1 statement');
  // Only that property, and only of the guard's own resources.
  const withProperty = (type: string, name: string, value: string) =>
    edited(base, 'SpendGuard-dev', (template) => {
      template.Resources['Own'] = { Type: type, Properties: propertiesOf({ [name]: value }) };
    });
  for (const [type, name] of [
    ['Custom::SpendGuardSwitch', 'Another'],
    ['Custom::Another', FINGERPRINT],
  ] as const) {
    const [one, two] = ['a', 'b'].map((digit) => withProperty(type, name, digit.repeat(16)));
    expect(compared(one!, two!).text).toContain('**Access gets broader** in 1 statement');
  }
});
