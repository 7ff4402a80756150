import { missingResourceTypes, regions, stackResourceTypes } from '../../config/regions';

const BUDGETS = ['AWS::Budgets::Budget', 'AWS::Budgets::BudgetsAction'];
const PROFILE = 'AWS::Bedrock::ApplicationInferenceProfile';

describe('which Regions can hold the stack', () => {
  it.each(['us-east-1', 'us-east-2', 'us-west-2', 'eu-central-1', 'eu-west-1', 'sa-east-1'])('%s can', (region) => {
    expect(missingResourceTypes(region)).toEqual([]);
  });

  it.each(['eu-north-1', 'eu-central-2', 'ap-northeast-3', 'us-gov-east-1', 'us-gov-west-1'])(
    '%s has no Budgets types (trap 12)',
    (region) => {
      expect(missingResourceTypes(region)).toEqual(expect.arrayContaining(BUDGETS));
    },
  );

  it.each(['eu-north-1', 'us-west-1'])('%s has no application inference profile', (region) => {
    expect(missingResourceTypes(region)).toContain(PROFILE);
  });

  it('tells what is missing from what is there', () => {
    expect(missingResourceTypes('us-west-1')).toEqual([PROFILE]);
    expect(missingResourceTypes('eu-central-2')).toEqual(BUDGETS);
    expect(missingResourceTypes('cn-north-1')).toEqual([PROFILE]);
  });

  it.each([
    '',
    'us-east-9',
    'us-east-1a',
    'US-EAST-1',
    'me-south-1',
    'eusc-de-east-1',
    'us-iso-east-1',
    'toString',
    '__proto__',
  ])("says of '%s' that it does not know it, not that nothing is missing", (region) => {
    expect(missingResourceTypes(region)).toBe('unknown Region');
  });

  it('names only types that the stack needs, in their order', () => {
    for (const { missingTypes } of Object.values(regions)) {
      expect(missingTypes).toEqual(stackResourceTypes.filter((type) => missingTypes.includes(type)));
    }
  });

  it('puts every Region into the partition that its name says', () => {
    for (const [name, { partition }] of Object.entries(regions)) {
      const expected = name.startsWith('cn-') ? 'aws-cn' : name.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
      expect([name, partition]).toEqual([name, expected]);
    }
  });
});
