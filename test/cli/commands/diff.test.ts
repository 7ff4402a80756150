import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { diff } from '../../../cli/commands/diff';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { assemblyOf, edited, removeAssemblies, resource } from '../assemblies';
import { compared } from '../compared';
import { dev, once, otherSettings } from './diff-dev';
import { propertiesOf } from '../../helpers/template-properties';

/** What a reviewer is told about two synthesized outputs of the real app. */

/** `dev` as shipped. */
let base = '';
beforeAll(() => {
  base = dev();
});
afterAll(removeAssemblies);

/** With a dashboard, on which a limit is looked for. */
const assumable = once(() => ({
  dashboard: true,
  assumableBy: { principals: ['arn:aws:iam::111122223333:role/app'] },
}));
const reviewed = (head: string) => compared(base, head);

test('the same configuration: nothing, exit 0', () => {
  const { exitCode, text } = reviewed(base);
  expect(text).toBe('## What a deploy would change\n\nNothing: both outputs deploy the same.');
  expect(exitCode).toBe(EXIT_CODES.ok);
  // As the command reads them.
  expect(diff(base, base)).toMatchObject({ exitCode, lines: text.split('\n') });
});

describe('limits and thresholds', () => {
  test('a lower limit: in dollars at each line, edited in place, and what it would do now is said to be unknown', () => {
    const { exitCode, text } = reviewed(dev({ monthlyLimitUsd: 30 }));
    expect(text).toMatch(/\| Budget\w+: limit a month \| \$50\.00 \| \$30\.00 \|/);
    expect(text).toMatch(/\| BillAction\w+: denies all models at \| 95% = \$47\.50 \| 95% = \$28\.50 \|/);
    expect(text).toContain('| cost-check: LIMIT_NANO_USD | $50.00 | $30.00 |');
    expect(text).toContain('whether this would alert or stop dev at once: no account was asked what is spent so far');
    expect(text).toContain('Access gets no broader');
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('a raised limit: each row once, under the headline that it weighs most in', () => {
    const { text } = reviewed(dev({ monthlyLimitUsd: 80 }));
    const rows = (what: RegExp) => text.split('\n').filter((line) => what.test(line));
    expect(rows(/Budget\w+: limit a month/)).toEqual([expect.stringMatching(/\| \$50\.00 \| \$80\.00 \| raised \|$/)]);
    expect(rows(/cost-check: LIMIT_NANO_USD/)).toEqual([expect.stringMatching(/raised \|$/)]);
    expect(text).not.toContain('BudgetLimit.Amount');
    expect(text).toMatch(/^1 change told above, under \*\*Weaker guard\*\*\.$/m);
    expect(text).toMatch(/^2 changes told above, under \*\*Weaker guard\*\*\.$/m);
    expect(text).toMatch(/^- `Budget\w+` \(AWS::Budgets::Budget\): Budget, 1 of its values told above$/m);
    expect(text).toMatch(/\| asset CostCheck\/\S+, of CostCheckFunction\w+ .*; other: settings\.json \|/);
  });

  test('a limit that a dashboard shows: its figure there too, and not the whole of its text', () => {
    const { text } = compared(assumable(), dev({ dashboard: true, monthlyLimitUsd: 80 }));
    expect(text).toMatch(/DashboardBody\..*title: `dev: month to date \(limit \$50\.00\)` → `.*\$80\.00\)`/);
  });

  test('a later threshold replaces the budget, by AWS, and tells later: both, and no broader access', () => {
    const later = dev({ ownAlertAtPercent: 85 });
    const { exitCode, text } = reviewed(later);
    expect(text).toMatch(/\| Budget\w+: alert at 80% \| 80% = \$40\.00, to ti@dadosfera\.ai \| none \|/);
    expect(text).toMatch(/\| Budget\w+: alert at 85% \| none \| 85% = \$42\.50, to ti@dadosfera\.ai \|/);
    expect(text).toMatch(/`Budget\w+` \(AWS::Budgets::Budget\), by /);
    expect(text).toMatch(/\| Budget\w+: actual alerts \| 80% \| 85% \| a line that comes later \|/);
    expect(text).toContain('- **The guard is weakened** in ');
    expect(exitCode).toBe(EXIT_CODES.replacedAndWeakened);
    expect(compared(later, base).exitCode).toBe(EXIT_CODES.replaced);
  });

  test('a stop that waits for a person', () => {
    const { text } = reviewed(otherSettings());
    expect(text).toMatch(/\| BillAction\w+: acts \| by itself \| after a person approves \|/);
  });

  test('a setting of a function that lists JSON: one line for the entry', () => {
    const { text } = reviewed(otherSettings());
    expect(text).toContain('| auto-stop: MANAGED_FUNCTIONS[deployer-ddf-llm-models-dev] | listed | none |');
    expect(text).toContain('| auto-stop: MANAGED_FUNCTIONS[other] | none | listed |');
  });
});

describe('what is shipped beside the code of a function', () => {
  test('a changed setting is told as one of a variable, and is no change of what the code does', () => {
    const { text } = reviewed(dev({ onBlind: 'stop' }));
    expect(text).toContain('| spend-meter: ON_BLIND | page | stop |');
    expect(text).not.toContain('what the code of');
  });

  test('a changed list price is one line for its id', () => {
    const head = edited(base, 'SpendGuard-dev', (template) => {
      const { Code } = resource(template, 'AWS::Lambda::Function', /^SpendMeter.*Function/).Properties;
      Code.S3Key = 'other.zip';
    });
    const [asset] = readdirSync(base).filter(
      (one) =>
        existsSync(path.join(base, one, 'settings.json')) &&
        readFileSync(path.join(base, one, 'settings.json'), 'utf8').includes('ON_BLIND'),
    );
    cpSync(path.join(base, asset!), path.join(head, 'asset.other'), { recursive: true });
    const file = path.join(head, 'asset.other', 'settings.json');
    const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const prices = JSON.parse(settings['PRICES']!) as Record<string, Record<string, (number | null)[]>>;
    prices['anthropic.claude-opus-5']!['us'] = [1, 2, 3, 4];
    writeFileSync(file, JSON.stringify({ ...settings, PRICES: JSON.stringify(prices) }));
    const { text } = reviewed(head);
    expect(text).toContain(
      '| spend-meter: PRICES.anthropic.claude-opus-5.us | 5500000, 27500000, 550000, 11000000, 6875000 | 1, 2, 3, 4 |',
    );
    expect(text).not.toContain('what the code of');
    expect(text.match(/PRICES/g)).toHaveLength(1);
  });

  test('where an output has lost it, that is unknown and not nothing', () => {
    const head = edited(base, 'SpendGuard-dev', () => undefined);
    for (const name of readdirSync(head).filter((one) => one.startsWith('asset.'))) rmSync(path.join(head, name));
    expect(reviewed(head).text).toMatch(
      /- what [\w, -]*spend-meter[\w, -]* would be told: the folder of their code is not/,
    );
  });

  test('the price library of a new environment is one line', () => {
    const { text } = compared(
      assemblyOf(({ staging }) => ({ staging })),
      base,
    );
    expect(text).toContain('| spend-meter: PRICES | none | listed |');
    expect(text).not.toContain('PRICES.');
  });
});

describe('who may do what', () => {
  test('somebody new may assume the invoker role: broader, named with what it opens', () => {
    const { exitCode, text } = reviewed(assumable());
    expect(text).toContain('**Access gets broader** in 1 statement\n');
    expect(text).toContain('- **broader**, added: `InvokerRole (who may assume it)`, Allow');
    expect(text).toContain('! opens sts:AssumeRole by AWS arn:aws:iam::111122223333:role/app');
    expect(exitCode).toBe(EXIT_CODES.broadened);
  });

  test('and the other way round it is removed, and not broader', () => {
    const { exitCode, text } = compared(assumable(), base);
    expect(text).toContain('- removed: `InvokerRole (who may assume it)`, Allow');
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('a guarded role that is no longer guarded: the budgets action lets it go on, which is broader', () => {
    const guarded = dev({ principals: { roles: ['backend'], users: [], groups: [] } });
    const { exitCode, text } = compared(guarded, base);
    expect(text).toContain('- **broader**, removed: `backend`, denied by the budgets action at its line');
    expect(text).toContain('a stop no longer reaches it');
    expect([EXIT_CODES.broadenedAndWeakened, EXIT_CODES.broadenedReplacedAndWeakened]).toContain(exitCode);
  });

  test('a deny that leaves something out is broader, one that denies more is not', () => {
    const less = edited(base, 'SpendGuard-dev', (template) => {
      const [deny] = resource(template, 'AWS::IAM::ManagedPolicy', /Bill/).Properties['PolicyDocument'].Statement;
      deny.Action = [deny.Action ?? []].flat().filter((action) => action !== 'bedrock:Invoke*');
    });
    const { exitCode, text } = reviewed(less);
    expect(text).toContain('- **broader**, changed: `DenyBillPolicy (managed policy)`, Deny DenyWhatCosts');
    expect(text).toContain('! opens bedrock:Invoke* on *');
    expect(exitCode).toBe(EXIT_CODES.broadened);
    expect(compared(less, base).exitCode).toBe(EXIT_CODES.ok);
  });

  test('a condition that goes is broader, one that comes is not', () => {
    const unconditional = edited(base, 'SpendGuard-dev', (template) => {
      const policy = resource(template, 'AWS::IAM::Policy', /^InvokerCallModels/).Properties['PolicyDocument'];
      // A deny without its condition denies more.
      for (const statement of policy.Statement) if (statement.Effect === 'Allow') delete statement.Condition;
    });
    expect(reviewed(unconditional).exitCode).toBe(EXIT_CODES.broadened);
    expect(compared(unconditional, base).exitCode).toBe(EXIT_CODES.ok);
  });

  test('what cannot be judged counts as broader', () => {
    const head = edited(base, 'SpendGuard-dev', (template) => {
      const policy = resource(template, 'AWS::IAM::Policy', /^InvokerCallModels/).Properties['PolicyDocument'];
      policy.Statement.push({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' });
    });
    const { exitCode, text } = reviewed(head);
    expect(text).toContain('! cannot be judged, so it counts as broader');
    expect(exitCode).toBe(EXIT_CODES.broadened);
  });

  test("AWS's own policy on a role, a boundary that goes, a function that anybody may invoke: broader, each", () => {
    const attached = edited(base, 'SpendGuard-dev', (template) => {
      template.Resources['InvokerRole']!.Properties['ManagedPolicyArns'] = [
        'arn:aws:iam::aws:policy/AdministratorAccess',
      ];
    });
    expect(reviewed(attached).text).toContain('- **broader**, added: `InvokerRole`, attached managed policy');

    const bound = edited(base, 'SpendGuard-dev', (template) => {
      template.Resources['InvokerRole']!.Properties['PermissionsBoundary'] = 'arn:aws:iam::111122223333:policy/edge';
    });
    expect(compared(bound, base).text).toContain('- **broader**, removed: `InvokerRole`, permissions boundary');
    expect(compared(base, bound).exitCode).toBe(EXIT_CODES.ok);

    const invocable = edited(base, 'SpendGuard-dev', (template) => {
      template.Resources['Anybody'] = {
        Type: 'AWS::Lambda::Permission',
        Properties: propertiesOf({ Action: 'lambda:InvokeFunction', FunctionName: 'some', Principal: '*' }),
      };
    });
    expect(reviewed(invocable).text).toContain('! opens lambda:InvokeFunction by *');
  });
});
