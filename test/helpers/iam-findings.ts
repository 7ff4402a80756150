import {
  actionMatches,
  applies,
  canHold,
  holds,
  resourceMatches,
  type IamRequest,
  type Patterns,
  type Principal,
} from './iam-evaluator';
import type { Permission } from './iam-permissions';
import { ROLE_TABLE } from './iam-roles';
import { ACCOUNT, REGION, type StackIam, type StackRole } from './iam-stack';

/** What is wrong with the roles of a stack, held against their rows: too little, too much, too wide, or no row at all. */
export function findingsOf(stack: StackIam): string[] {
  return stack.roles.flatMap((role) => roleFindings(stack, role).map((one) => `${role.name}: ${one}`));
}

function roleFindings(stack: StackIam, role: StackRole): string[] {
  const row = ROLE_TABLE[role.name]?.(stack);
  if (!row) return [`no row in test/helpers/iam-roles.ts: say there what the role ${role.logicalId} may do`];
  const principal = stack.principal(role);
  // A boundary is the second lock: what it keeps shut, the role's own policies must not leave open.
  const { boundary: _, ...unbounded } = role;
  const alone = stack.principal(unbounded);
  const requests = row.may.flatMap(requestsOf);
  const used = new Set(requests.filter((one) => principal.can(one)).flatMap((one) => grantsOf(stack, principal, one)));
  const beyond = row.may.flatMap((permission) =>
    requestsOf(permission).flatMap((request) => [
      ...elsewhere(request, permission, stack.environment.name),
      ...otherwise(request, permission),
    ]),
  );
  const unused = grantsOf(stack, principal).filter((grant) => !used.has(grant));
  const trusted = role.trusted.join(', ');
  return [
    ...requests.filter((request) => !principal.can(request)).map((one) => `may not ${shown(one)}`),
    ...unused.map((grant) => `is granted what its row does not have: ${grant}`),
    ...beyond.filter((request) => alone.can(request)).map((one) => `may also ${shown(one)}`),
    ...(trusted === row.trusted.join(', ') ? [] : [`may be assumed by ${trusted}`]),
  ];
}

/**
 * Everything that an Allow of its identity policies names, whether a boundary or a deny narrows it or not, as `policy[statement]:
 * action on resource, if condition`, a line for each pattern and value; no action on what it is never made on, and nothing of a
 * statement that no request can meet.
 * @param request only what allows this one
 */
export function grantsOf({ iam }: StackIam, { identity }: Principal, request?: IamRequest): string[] {
  const allows = identity.filter(
    (one) => one.effect === 'Allow' && one.conditions.every(canHold) && (!request || applies(one, request)),
  );
  return allows.flatMap(({ name, actions, resources, conditions }) => {
    const single = conditions.flatMap((one) => one.values.map((value) => ({ ...one, values: [value] })));
    const held = single.filter((one) => !request || holds(one, request.context));
    const suffixes = held.map(({ text, key, values }) => `, if ${text} ${key} ${values.join(', ')}`);
    const pairs = actions.list.flatMap((action) => resources.list.map((resource) => [action, resource] as const));
    const fitting = pairs.filter(([action, resource]) => {
      if (actions.except || resources.except) return true;
      if (request && !actionMatches(request.action, action)) return false;
      if (request && !resourceMatches(request.resource, resource)) return false;
      return iam.takes(action, resource);
    });
    const not = (patterns: Patterns) => (patterns.except ? 'all but ' : '');
    return fitting.flatMap(([action, resource]) =>
      (held.length === 0 ? [''] : suffixes).map(
        (suffix) => `${name}: ${not(actions)}${action} on ${not(resources)}${resource}${suffix}`,
      ),
    );
  });
}

/** Each call that a permission is for. */
function requestsOf({ actions, on, with: keys = {} }: Permission): Required<IamRequest>[] {
  const contexts = Object.entries(keys).reduce<Record<string, string>[]>(
    (before, [key, values]) => before.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  return actions.flatMap((action) =>
    on.flatMap((resource) => contexts.map((context) => ({ action, resource, context }))),
  );
}

/** The same call in another account, in another Region, on another environment's resource, on one of another name. */
function elsewhere(request: Required<IamRequest>, { wide }: Permission, environment: string): IamRequest[] {
  const { resource } = request;
  const outside = [
    resource.replace(`:${ACCOUNT}:`, ':999988887777:'),
    resource.replace(`:${REGION}:`, ':eu-west-1:'),
    resource.replace(/^arn:aws:/, 'arn:aws-cn:'),
  ];
  const beside = [
    resource.replaceAll(`SpendGuard-${environment}`, 'SpendGuard-other'),
    resource.replaceAll(`spend-guard-switch-${environment}`, 'spend-guard-switch-other'),
    resource.replace(/^((?:[^:]*:){5}(?:[a-z-]+[:/])?)/, '$1x-'),
  ];
  const others = [...outside, ...(wide === undefined ? beside : [])].filter((one) => one !== resource);
  return resource === '*' ? [] : others.map((one) => ({ ...request, resource: one }));
}

/** The same call without a key, and with something else or something more in it. */
function otherwise(request: Required<IamRequest>, { keyless, open }: Permission): IamRequest[] {
  const { context } = request;
  return Object.entries(context).flatMap(([key, value]) => {
    const { [key]: _, ...without } = context;
    const values = [
      `x-${String(value)}`,
      ...(open === undefined ? [`${String(value)}-x`] : []),
      ...(key === 'iam:PolicyARN' ? ['arn:aws:iam::aws:policy/AdministratorAccess'] : []),
      ...(key === 'dynamodb:LeadingKeys' ? [[String(value), 'other']] : []),
    ];
    const contexts = [
      ...(keyless === undefined ? [without] : []),
      ...values.map((one) => ({ ...context, [key]: one })),
    ];
    return contexts.map((changed) => ({ ...request, context: changed }));
  });
}

function shown({ action, resource, context = {} }: IamRequest): string {
  const carried = Object.entries(context).map(([key, value]) => `${key} ${[value].flat().join(' and ')}`);
  return `${action} on ${resource}${carried.length === 0 ? '' : ` with ${carried.join(', ')}`}`;
}
