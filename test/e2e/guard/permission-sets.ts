import { SWITCH_PATH, switchName } from '../../../core/enforcement/switch-document';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';

const CALLS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'bedrock:*', Resource: '*' }],
});

/** People of IAM Identity Center: whoever signs in with a permission set that refers to the switch is held by it. */
export function permissionSets(guard: LocalGuard): void {
  test('people of a permission set that refers to the switch are stopped and let go with everybody; of another one, not', async () => {
    const { identityCenter } = guard.aws.control;
    const month = await VirtualMonth.begin(guard, 'dev');
    const { profiles } = month.environment;
    await identityCenter.provision({
      name: 'Developer',
      customerManagedPolicies: [{ name: switchName('dev'), path: SWITCH_PATH }],
      inlinePolicy: CALLS,
    });
    await identityCenter.provision({ name: 'Visitor', customerManagedPolicies: [], inlinePolicy: CALLS });
    const ann = await identityCenter.signIn('Developer', 'ann@example.com');
    const bob = await identityCenter.signIn('Visitor', 'bob@example.com');
    expect(await guard.call(profiles.lite, ann)).toBe('answered');

    await month.spendDaily(9.5, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped', open: [] });
    expect(await guard.call(profiles.lite, ann)).toBe('denied');
    expect(await guard.call(profiles.lite, bob)).toBe('answered');

    await VirtualMonth.begin(guard, 'dev');
    expect(await guard.call(profiles.lite, ann)).toBe('answered');
    // The stack could not be deleted while it is referred to.
    await identityCenter.remove('Developer');
    await identityCenter.remove('Visitor');
  });
}
