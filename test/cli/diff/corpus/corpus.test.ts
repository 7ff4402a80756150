import { rmSync } from 'node:fs';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { diff } from '../../../../cli/commands/diff';
import { EXIT_CODES } from '../../../../cli/exit-codes';
import { OPENINGS } from './openings';
import { written, type Pair, type Side } from './pairs';
import { TIGHTENINGS } from './tightenings';

/** Small pairs of outputs of any CDK app, each with the verdict that a reviewer would give. */

const folders: string[] = [];
const folderOf = (side: Side) => {
  const folder = written(side);
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const compared = ([, base, head]: Pair) => {
  const { data, exitCode, lines } = diff(folderOf(base), folderOf(head));
  return {
    broadened: data['broadened'],
    exitCode,
    text: lines.map((line) => (typeof line === 'string' ? line : line.text)).join('\n'),
  };
};

test.each(OPENINGS)('broader: %s', (...pair) => {
  const { broadened, exitCode, text } = compared(pair);
  expect({ broadened, text }).toEqual({ broadened: true, text: expect.stringContaining('**Access gets broader**') });
  expect(exitCode).not.toBe(EXIT_CODES.ok);
});

test.each(TIGHTENINGS)('not broader: %s', (...pair) => {
  const { broadened, text } = compared(pair);
  expect({ broadened, text }).toEqual({ broadened: false, text: expect.stringContaining('Access gets no broader') });
});

test.each([...OPENINGS, ...TIGHTENINGS])('the same twice is nothing: %s', (_, base) => {
  const { exitCode, lines } = diff(folderOf(base), folderOf(base));
  expect(lines).toEqual(['## What a deploy would change', '', 'Nothing: both outputs deploy the same.']);
  expect(exitCode).toBe(EXIT_CODES.ok);
});

describe('the corpus itself', () => {
  const resources = [...OPENINGS, ...TIGHTENINGS].flatMap(([, ...sides]) =>
    sides.flatMap(({ template }) => Object.values((template?.['Resources'] ?? {}) as Record<string, Resource>)),
  );
  interface Resource {
    readonly Type: string;
    readonly Properties?: object;
  }

  test('is as wide as it says', () => {
    expect(OPENINGS.length).toBeGreaterThanOrEqual(40);
    expect(TIGHTENINGS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(resources.map(({ Type }) => Type)).size).toBeGreaterThanOrEqual(25);
  });

  test('names types and properties that CloudFormation has', () => {
    const known = new Map(
      loadAwsServiceSpecSync()
        .all('resource')
        .map(({ cloudFormationType, properties }) => [cloudFormationType, Object.keys(properties)]),
    );
    const unknown = resources
      .filter(({ Type }) => /^AWS::(?!CDK::)/.test(Type))
      .flatMap(({ Type, Properties = {} }) =>
        Object.keys(Properties)
          .filter((name) => !known.get(Type)?.includes(name))
          .map((name) => `${Type}.${name}`),
      );
    expect(unknown).toEqual([]);
  });
});
