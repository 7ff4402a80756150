import { compareAssemblies } from '../../../cli/diff/compare';
import { readAssembly } from '../../../cli/diff/assembly';
import { diffMarkdown, LONGEST_COMMENT } from '../../../cli/diff/markdown';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { assemblyOf, edited, removeAssemblies, resource } from '../assemblies';
import { propertiesOf } from '../../helpers/template-properties';
import { compared } from '../compared';
import { dev, otherSettings } from './diff-dev';

/** What a reviewer is told of resources, about two synthesized outputs of the real app, and how. */

/** `dev` as shipped. */
let base = '';
beforeAll(() => {
  base = dev();
});
afterAll(removeAssemblies);

const reviewed = (head: string) => compared(base, head);

describe('resources', () => {
  test('another key of a table replaces it, and a deploy that only may replace is said so', () => {
    const { exitCode, text } = reviewed(
      edited(base, 'SpendGuard-dev', (template) => {
        resource(template, 'AWS::DynamoDB::GlobalTable', /State/).Properties['KeySchema'][0].AttributeName = 'other';
      }),
    );
    expect(text).toMatch(/\*\*Replaced\*\*\n\n- `TablesState\w+` \(AWS::DynamoDB::GlobalTable\), by KeySchema/);
    expect(text).toMatch(/TablesState\w+ \(AWS::DynamoDB::GlobalTable\) \| there \| none \| replaced by an empty one/);
    expect(exitCode).toBe(EXIT_CODES.replacedAndWeakened);
  });

  test('a model that goes: its profile is deleted, and its permissions with it', () => {
    const { text } = reviewed(otherSettings());
    expect(text).toMatch(/\*\*Deleted\*\*\n\n- `ProfilesQwen\w+` \(AWS::Bedrock::ApplicationInferenceProfile\)/);
  });

  test('new code is named and called unknown: a template holds its hash alone', () => {
    const { text } = reviewed(
      edited(base, 'SpendGuard-dev', (template) => {
        resource(template, 'AWS::Lambda::Function', /^CostCheck/).Properties['Code'].S3Key = 'other.zip';
      }),
    );
    expect(text).toContain('- what the code of cost-check now does: a template holds its hash alone');
  });

  test('an environment that comes opens something; with one that goes, its denies go', () => {
    const two = assemblyOf(({ dev: shipped, staging }) => ({ dev: shipped, staging }));
    const { exitCode, text } = reviewed(two);
    expect(text).toContain('### `SpendGuard-staging` (added)');
    expect(text).toContain('Unchanged: `SpendGuard-dev`.');
    expect(exitCode).toBe(EXIT_CODES.broadened);
    const gone = compared(two, base).text;
    expect(gone).toContain('### `SpendGuard-staging` (removed)');
    expect(gone).toMatch(/^- the guard itself costs a month: \$[\d.]+ \(.* used up, .*\) → nothing$/m);
    expect(gone.match(/\*\*broader\*\*, removed: .*/g)).toHaveLength(1);
    expect(gone).toContain('- `SwitchPolicy` (AWS::IAM::ManagedPolicy)');
    expect(gone).toContain('**broader**, removed: `DenyBillPolicy (managed policy)`, Deny DenyWhatCosts');
  });
});

describe('the comment', () => {
  test('stays under what GitHub takes, closes what it opened, and says that it is cut', () => {
    const stacks = readAssembly(base, 'BASE');
    const found = compareAssemblies(
      [],
      Array.from({ length: 10 }, (_, at) => ({ ...stacks[0]!, name: `SpendGuard-${at}` })),
    );
    const text = diffMarkdown(found);
    expect(text.length).toBeLessThan(65_536);
    expect(text.length).toBeGreaterThan(LONGEST_COMMENT / 2);
    expect(text).toMatch(/\*\*Cut here: \d+ more characters\.\*\*/);
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
    expect((text.match(/^ *```/gm) ?? []).length % 2).toBe(0);
  });

  test('stays under what a variable of a workflow takes, where each character is three bytes', () => {
    const head = edited(base, 'SpendGuard-dev', ({ Resources }) => {
      for (let at = 0; at < 90; at++)
        Resources['環'.repeat(600) + at] = { Type: 'AWS::SNS::Topic', Properties: propertiesOf({}) };
    });
    const { text } = reviewed(head);
    expect(text.length).toBeLessThan(LONGEST_COMMENT);
    expect(Buffer.byteLength(text)).toBeLessThan(131_072);
    expect(Buffer.byteLength(text)).toBeGreaterThan(65_536);
    expect(text).toMatch(/\*\*Cut here: \d+ more characters\.\*\*/);
  });

  test('holds nothing that breaks out of a table or a fence', () => {
    const head = edited(base, 'SpendGuard-dev', (template) => {
      const { Environment } = resource(template, 'AWS::Lambda::Function', /^CostCheck/).Properties;
      Environment.Variables.BUDGET_NAME = 'a | b\n<!-- x -->\n```';
      template.Resources['InvokerRole']!.Properties['AssumeRolePolicyDocument'].Statement.push({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'x\n```\n**not broader**' },
      });
    });
    const { text } = reviewed(head);
    expect(text).toContain('| a \\| b &lt;!-- x --> ');
    expect(text).not.toMatch(/^\*\*not broader/m);
    expect((text.match(/^ *```/gm) ?? []).length % 2).toBe(0);
  });
});
