import { ENV, findingOf, HealthWorld, SWITCH_ARN } from '../../helpers/health-world';

describe('whom a stop reaches, looked at before there is one', () => {
  const developer = 'AWSReservedSSO_Developer_0123456789abcdef';
  const withSets = (...PERMISSION_SETS: string[]) => new HealthWorld({ ...ENV, PERMISSION_SETS });

  it('somebody of the configuration without the switch, or with no room for it, is mailed about', async () => {
    const world = new HealthWorld();
    world.principal('batch').policyArns = Array.from({ length: 10 }, (_, at) => `arn:${at}`);
    expect(findingOf(await world.run(), 'policy-room', 'batch')).toMatchObject({ status: 'failed' });
    expect(world.mail.sent.map(({ subject }) => subject)).toEqual(['[health] dev: failed: policy-room role batch']);
  });

  it('without a budgets action the switch is all that must fit', async () => {
    const full = [SWITCH_ARN, ...Array.from({ length: 9 }, (_, at) => `arn:${at}`)];
    const statusWith = async (BILL_ACTION: 'true' | 'false') => {
      const world = new HealthWorld({ ...ENV, BILL_ACTION });
      world.principal('batch').policyArns = full;
      return findingOf(await world.run(), 'policy-room', 'batch').status;
    };
    expect([await statusWith('true'), await statusWith('false')]).toEqual(['warning', 'ok']);
  });

  it.each([
    [[], 'ok'],
    [[SWITCH_ARN], 'ok'],
    [['arn:aws:iam::aws:policy/PowerUserAccess'], 'failed'],
  ])('a permission set whose role has %j: %s', async (policyArns, status) => {
    const world = withSets('Developer');
    if (policyArns.length > 0) world.aws.principals.push({ kind: 'role', name: developer, policyArns });
    expect(findingOf(await world.run(), 'permission-set', 'Developer').status).toBe(status);
  });

  it('without permission sets nobody lists the account’s roles', async () => {
    const world = new HealthWorld();
    const port = jest.spyOn(world.aws.permissionSetRoles, 'roles');
    expect((await world.run()).document.findings.some(({ check }) => check === 'permission-set')).toBe(false);
    expect(port).not.toHaveBeenCalled();
  });
});
