import type { Use } from '../../../local/control';
import type { IamActions } from '../../helpers/iam-actions';
import { Principal, type IamRequest } from '../../helpers/iam-evaluator';
import { grantsOf } from '../../helpers/iam-findings';
import type { StackIam } from '../../helpers/iam-stack';
import type { GrantedRole } from './granted';

/** Answered to everybody, whatever any policy says: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const NEEDS_NO_GRANT: ReadonlySet<string> = new Set(['sts:GetCallerIdentity']);

/** Conditions that say which of several things a grant is for; any other narrows one thing. */
const TELLING = /^(?:ForA\w+Values?:)?(?:String|Arn)\w+ (?:dynamodb:LeadingKeys|iam:PolicyARN) /;

/** What a role has used, held against what its template grants it, in each version of it that was deployed. */
export class RoleUses {
  readonly uses: readonly Use[];
  private readonly versions: readonly (readonly [GrantedRole, Principal])[];

  /** @param roles one role's versions */
  constructor(
    private readonly iam: IamActions,
    roles: readonly GrantedRole[],
    all: readonly Use[],
  ) {
    const [{ roleName } = { roleName: '' }] = roles;
    const itself = new RegExp(`:role/(.*/)?${roleName}$|:assumed-role/${roleName}/`);
    this.uses = all.filter(({ principal }) => itself.test(principal));
    this.versions = roles.map((role) => [role, new Principal(iam, role.policies, role.boundary)]);
  }

  /** Uses that were let although no template grants them. @throws Error on a use that AWS would not know */
  ungranted(): readonly Use[] {
    return this.uses.filter(
      (use) =>
        use.allowed && !NEEDS_NO_GRANT.has(use.action) && !this.versions.some(([, principal]) => principal.can(use)),
    );
  }

  /** As `feature: action on resource`, whichever environment's it is; what was used says so. */
  grants(): ReadonlyMap<string, 'used' | 'unused'> {
    const found = new Map<string, 'used' | 'unused'>();
    for (const [role, principal] of this.versions) {
      const used = this.uses
        .filter((use) => use.allowed && !NEEDS_NO_GRANT.has(use.action))
        .flatMap((use) => this.named(role, principal, use));
      for (const grant of this.named(role, principal)) if (found.get(grant) !== 'used') found.set(grant, 'unused');
      for (const grant of used) found.set(grant, 'used');
    }
    return found;
  }

  private named({ feature, environment }: GrantedRole, principal: Principal, request?: IamRequest): readonly string[] {
    const grants = grantsOf({ iam: this.iam } as StackIam, principal, request);
    return [...new Set(grants.flatMap((grant) => withoutNames(grant, environment)))].map((one) => `${feature}: ${one}`);
  }
}

/** `policy[1]: action on resource, if condition` as `action on resource, if condition` of any environment. */
function withoutNames(grant: string, environment: string): readonly string[] {
  const [what = '', condition] = grant.slice(grant.indexOf(': ') + 2).split(', if ');
  const anybodys = (text: string) =>
    text
      .replaceAll(/:\d{12}:/g, '::')
      .replaceAll(/arn:aws:(\w|-)+:[a-z0-9-]*:/g, '')
      .replaceAll(new RegExp(`(?<![a-z])${environment}(?![a-z])`, 'g'), '<environment>')
      // Whole ids first: of their digits any may look like another one's.
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
      .replaceAll(/\/ip-[0-9a-f]{12}/g, '/<id>')
      // What CloudFormation, AWS Budgets and Bedrock make up, and the guard's hash of a budget.
      .replaceAll(/-[0-9A-F]{8,13}(?![0-9A-F])|(?<=[a-z])[0-9A-F]{8}(?=-)/g, '')
      // Of a name that was too long, more than the hash may be cut.
      .replaceAll(/Funct(?:i|io|ion)?[0-9A-F]{8,}$/g, 'Function')
      .replaceAll(/-[0-9a-f]{8}(?=\/|$)|(?<=:budget\/.*)-[a-p]{8}(?=\/|$)/g, '');
  if (condition === undefined) return [anybodys(what)];
  const telling = TELLING.exec(condition);
  // Each value that tells is a grant of its own; what else there is says nothing without it.
  if (telling) return [`${anybodys(what)}, for ${anybodys(condition.slice(telling[0].length))}`];
  return /(LeadingKeys|PolicyARN)/.test(condition) ? [] : [anybodys(what)];
}
