import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type AskedOrganization, DENIED } from '../support/asked-organization';

/** @param quiet an account that no test before has braked */
export function commandLine(organization: AskedOrganization, quiet: () => string): void {
  test('under a viewer: the status with its verdict first, and the page', async () => {
    const { exitCode, output } = await organization.says('Viewer', 'status');
    expect(exitCode).toBe(4);
    expect(output.split('\n')[0]).toMatch(/ of \$150\.00 in \d{4}-\d\d$/);
    for (const account of organization.members) expect(output).toContain(account);
    const page = path.join(organization.aws.work.path, 'page.html');
    expect((await organization.says('Viewer', 'report', '--page', page)).output).toContain(`wrote ${page}`);
    expect(readFileSync(page, 'utf8')).toContain(`<th scope="row">${quiet()}</th>`);
  });

  test('under a viewer no order: it says which role may', async () => {
    const { exitCode, output } = await organization.says('Viewer', 'stop', quiet(), '--reason', 'x', '--yes');
    expect(exitCode).toBe(1);
    expect(output).toContain('may not run organization-brake: AWS answered AccessDeniedException');
    expect(output).toContain('OperatorRoleArn');
    expect(await organization.call(quiet())).toBe('answered');
  });

  test('under an operator it stops an account and lifts it again, and records whose credentials did', async () => {
    const stopped = await organization.says('Operator', 'stop', quiet(), '--reason', 'leaked', '--yes');
    expect(stopped).toMatchObject({ exitCode: 0, output: expect.stringContaining('is attached: leaked') as unknown });
    expect(await organization.call(quiet())).toEqual(DENIED);
    const lift = (...more: string[]) =>
      organization.says('Operator', 'lift', quiet(), '--reason', 'rotated', '--yes', ...more);
    expect((await lift('--until', '1h')).output).toContain('a lift ends it for good: leave until out');
    expect(await organization.call(quiet())).toEqual(DENIED);
    expect((await lift()).exitCode).toBe(0);
    expect(await organization.call(quiet())).toBe('answered');
    expect((await organization.brakeOf(quiet())).override?.by).toMatch(
      /assumed-role\/SpendGuard-organization-PeopleOperator.*\/on-call/,
    );
  });

  test('what nobody may stop is refused with its reason', async () => {
    const stop = (account: string) => organization.says('Operator', 'stop', account, '--reason', 'x', '--yes');
    expect((await stop(organization.made.managementAccount)).output).toContain('it is the management account');
    expect((await stop('999988887777')).output).toContain('nor was it ever heard of; nearest: ');
  });
}
