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
  /** An operation of AWS Organizations, as the administrator of an account. @default account - the management account @throws OrganizationsError */
  ask<T = unknown>(operation: string, input?: object, account?: string): Promise<T>;
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

/** The key of an administrator needs no signature. */
async function askOrganizations<T>(
  emulator: Emulator,
  operation: string,
  input: object = {},
  account = ACCOUNT,
): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${emulator.port}/`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${account}/20261101/${REGION}/organizations/aws4_request, SignedHeaders=host, Signature=none`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const body = (await response.json()) as T & { __type?: string; message?: string; Message?: string; Reason?: string };
  if (response.ok) return body;
  throw new OrganizationsError(
    body.__type ?? `HTTP ${response.status}`,
    body.message ?? body.Message ?? '',
    body.Reason,
  );
}
