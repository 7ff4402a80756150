import type { PolicyDocument } from '../../core/enforcement';
import { ServiceError } from '../../core/errors';
import { IAM_PATH, type Found, type TemporaryRolesPort } from '../../core/verify';
import { FakePolicyVersions } from './policy-versions';

interface Role extends Found {
  own: PolicyDocument | undefined;
  readonly attached: Set<string>;
}

interface Policy extends Found {
  readonly versions: FakePolicyVersions;
}

/** Roles and policies under one path of IAM, which refuses to delete what is in use. */
export class FakeTemporaryRoles implements TemporaryRolesPort {
  readonly roleNames = new Map<string, Role>();
  readonly policyArns = new Map<string, Policy>();
  /** In place of every answer. */
  failure: ServiceError | undefined;

  constructor(
    private readonly account = '111122223333',
    private readonly now: () => number = () => 0,
  ) {}

  async createRole({ name, runId }: { readonly name: string; readonly trusts: string; readonly runId: string }) {
    this.refuse();
    if (this.roleNames.has(name)) throw conflict('EntityAlreadyExistsException', name);
    const arn = `arn:aws:iam::${this.account}:role${IAM_PATH}${name}`;
    this.roleNames.set(name, { name, arn, runId, own: undefined, attached: new Set() });
    return arn;
  }

  async allow(roleName: string, document: PolicyDocument): Promise<void> {
    this.refuse();
    this.role(roleName).own = document;
  }

  async createPolicy(policy: { readonly name: string; readonly document: PolicyDocument; readonly runId: string }) {
    this.refuse();
    const { name, document, runId } = policy;
    const arn = `arn:aws:iam::${this.account}:policy${IAM_PATH}${name}`;
    if (this.policyArns.has(arn)) throw conflict('EntityAlreadyExistsException', name);
    this.policyArns.set(arn, { name, arn, runId, versions: new FakePolicyVersions(document, this.now) });
    return arn;
  }

  async attach(policyArn: string, roleName: string): Promise<void> {
    this.refuse();
    if (!this.policyArns.has(policyArn)) throw absent(policyArn);
    this.role(roleName).attached.add(policyArn);
  }

  async roles(): Promise<readonly Found[]> {
    this.refuse();
    return [...this.roleNames.values()].map(withoutMore);
  }

  async policies(): Promise<readonly Found[]> {
    this.refuse();
    return [...this.policyArns.values()].map(withoutMore);
  }

  async removeRole(name: string): Promise<void> {
    this.refuse();
    this.roleNames.delete(name);
  }

  async removePolicy(arn: string): Promise<void> {
    this.refuse();
    if ([...this.roleNames.values()].some(({ attached }) => attached.has(arn))) {
      throw conflict('DeleteConflictException', arn);
    }
    this.policyArns.delete(arn);
  }

  private role(name: string): Role {
    const role = this.roleNames.get(name);
    if (!role) throw absent(name);
    return role;
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}

function withoutMore({ name, arn, runId }: Found): Found {
  return { name, arn, ...(runId === undefined ? {} : { runId }) };
}

function absent(what: string): ServiceError {
  return new ServiceError('notFound', 'NoSuchEntityException', `${what} is not there`, 404);
}

function conflict(errorName: string, what: string): ServiceError {
  return new ServiceError('other', errorName, `${what} is there, or in use`, 409);
}
