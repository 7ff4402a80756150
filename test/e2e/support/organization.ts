import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { ACCOUNT, administratorOf, REGION, type Credentials, type Emulator } from '../../../local/emulator';

/** On the local AWS: a management account, one organizational unit, and member accounts in it. */
export interface Organization {
  readonly id: string;
  /** The emulator's own account. */
  readonly managementAccount: string;
  readonly rootId: string;
  readonly ouId: string;
  /** Twelve digits each, other ones each time. */
  readonly members: readonly string[];
  /** The account's administrator; in a member account a service control policy holds it as well. */
  credentialsOf(account: string): Credentials;
  /** The emulator as this account sees it: its clients, its variables for a child process, its control endpoints. */
  in(account: string): Emulator;
  /**
   * An operation of AWS Organizations, by whoever has these credentials or by an account's administrator.
   * @default as - the management account's
   * @throws OrganizationsError
   */
  ask<T = unknown>(operation: string, input?: object, as?: string | Credentials): Promise<T>;
  /** Another member account in the unit, as CreateAccount and MoveAccount make it. @returns its id */
  addMember(name: string): Promise<string>;
}

/** Named as AWS names it, with the Reason that a ConstraintViolationException has. */
export class OrganizationsError extends Error {
  constructor(
    name: string,
    message: string,
    readonly reason?: string,
  ) {
    super(message);
    this.name = name;
  }
}

export interface OrganizationOptions {
  /** @default 3 */
  readonly members?: number;
}

/** Makes the organization where there is none; a unit and members of its own each time. Access of StackSets is as it is at AWS: off. */
export async function startOrganization(
  emulator: Emulator,
  { members: count = 3 }: OrganizationOptions = {},
): Promise<Organization> {
  const ask: Organization['ask'] = (operation, input, account) => askOrganizations(emulator, operation, input, account);
  const { Organization: made } = await ask<{ Organization: { Id: string } }>('DescribeOrganization').catch(() =>
    ask<{ Organization: { Id: string } }>('CreateOrganization'),
  );
  const { Roots } = await ask<{ Roots: { Id: string }[] }>('ListRoots');
  const rootId = Roots[0]!.Id;
  const { OrganizationalUnit } = await ask<{ OrganizationalUnit: { Id: string } }>('CreateOrganizationalUnit', {
    ParentId: rootId,
    Name: 'Workloads',
  });
  const ouId = OrganizationalUnit.Id;
  const addMember = async (name: string): Promise<string> => {
    const { CreateAccountStatus } = await ask<{ CreateAccountStatus: { AccountId: string } }>('CreateAccount', {
      Email: `${name}@example.com`,
      AccountName: name,
    });
    const AccountId = CreateAccountStatus.AccountId;
    await ask('MoveAccount', { AccountId, SourceParentId: rootId, DestinationParentId: ouId });
    return AccountId;
  };
  const members: string[] = [];
  for (let number = 1; number <= count; number++) members.push(await addMember(`member-${number}`));
  return {
    id: made.Id,
    managementAccount: ACCOUNT,
    rootId,
    ouId,
    members,
    credentialsOf: administratorOf,
    in: (account) => (account === ACCOUNT ? emulator : emulator.inAccount(account)),
    ask,
    addMember,
  };
}

async function askOrganizations<T>(
  emulator: Emulator,
  operation: string,
  input: object = {},
  as: string | Credentials = ACCOUNT,
): Promise<T> {
  const body = JSON.stringify(input);
  const signer = new SignatureV4({
    service: 'organizations',
    region: REGION,
    credentials: typeof as === 'string' ? administratorOf(as) : as,
    sha256: Hash.bind(null, 'sha256'),
  });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: emulator.port,
    path: '/',
    headers: {
      host: `127.0.0.1:${emulator.port}`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
    },
    body,
  });
  const response = await fetch(`http://127.0.0.1:${emulator.port}/`, { method: 'POST', headers, body });
  const answer = (await response.json()) as T & Record<'__type' | 'message' | 'Message' | 'Reason', string | undefined>;
  if (response.ok) return answer;
  const name = answer.__type ?? `HTTP ${response.status}`;
  throw new OrganizationsError(name, answer.message ?? answer.Message ?? '', answer.Reason);
}
