import type { Use } from '../../../local/control';
import type { IamActions } from '../../helpers/iam-actions';
import { Principal, type IamRequest } from '../../helpers/iam-evaluator';
import { grantsOf } from '../../helpers/iam-findings';
import type { StackIam } from '../../helpers/iam-stack';
import type { GrantedRole } from './granted';

/** What one role used of what it was granted, in every version of it that was deployed. */
export class RoleUses {
  readonly uses: readonly Use[];
  private readonly versions: readonly Principal[];

  constructor(
    private readonly iam: IamActions,
    readonly roles: readonly GrantedRole[],
    all: readonly Use[],
  ) {
    const [{ roleName } = { roleName: '' }] = roles;
    const itself = new RegExp(`:role/(.*/)?${roleName}$|:assumed-role/${roleName}/`);
    this.uses = all.filter(({ principal }) => itself.test(principal));
    this.versions = roles.map(({ policies, boundary }) => new Principal(iam, policies, boundary));
  }

  /** Uses that were let, and that no template grants. */
  ungranted(): readonly Use[] {
    return this.uses.filter((use) => use.allowed && !this.versions.some((version) => version.can(use)));
  }

  grants(): readonly string[] {
    const last = this.versions.at(-1);
    return last ? this.listed(last) : [];
  }

  unexercised(): readonly string[] {
    const last = this.versions.at(-1);
    if (!last) return [];
    const used = new Set(this.uses.filter(({ allowed }) => allowed).flatMap((use) => this.listed(last, use)));
    return this.listed(last).filter((grant) => !used.has(grant));
  }

  private listed(principal: Principal, request?: IamRequest): readonly string[] {
    return grantsOf({ iam: this.iam } as StackIam, principal, request);
  }
}
