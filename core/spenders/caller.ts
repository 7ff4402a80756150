import type { Caller, CallerKind } from './types';

/** Roles of permission sets: `AWSReservedSSO_<permission set>_<16 hexadecimal digits>`. */
const PERMISSION_SET_ROLE = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;
/** IAM users that Bedrock makes for long-term API keys, docs.aws.amazon.com/bedrock/latest/userguide/api-keys (read 2026-11-29). */
const API_KEY_USER = /^BedrockAPIKey-/;

/**
 * Who called, from `identity.arn` of a record of Bedrock, in every partition. A session's name proves a person only where IAM Identity
 * Center gave it: in all other roles whoever assumes one chooses it.
 */
export function callerOf(arn: string): Caller {
  const match = /^arn:aws[\w-]*:(iam|sts)::(\d{12})?:(.+)$/su.exec(arn);
  const [, service, account, resource = ''] = match ?? [];
  if (service === undefined) return { kind: 'unknown', name: arn.trim() === '' ? 'nobody named' : arn };
  const of = account === undefined ? {} : { account };
  const [type = '', ...path] = resource.split('/');
  const last = path.at(-1) ?? '';
  if (resource === 'root') return { kind: 'root', name: `root of ${account ?? 'the account'}`, ...of };
  if (last !== '') {
    if (service === 'iam' && type === 'user') return userOf(last, of);
    if (service === 'iam' && type === 'role') return { kind: 'role', name: last, role: last, ...of };
    if (service === 'sts' && type === 'assumed-role') return roleOf(path, of);
    if (service === 'sts' && type === 'federated-user') {
      const session = path.join('/');
      return { kind: 'federated', name: `federated user ${session}`, session, ...of };
    }
  }
  return { kind: 'unknown', name: arn, ...of };
}

const KIND_NAMES: Partial<Record<CallerKind, string>> = { user: 'IAM user', identityCenter: 'Identity Center' };

/**
 * Names of the persons behind these ARNs, each another. Where several have one name, as an IAM user and a user of Identity Center or users of
 * two accounts, the name has what tells them apart.
 */
export function personNames(arns: Iterable<string>): ReadonlyMap<string, string> {
  const persons = [...new Set(arns)].flatMap((arn) => {
    const { kind, person, account = '' } = callerOf(arn);
    return person === undefined ? [] : [{ arn, person, account, kind: KIND_NAMES[kind] ?? kind }];
  });
  const ofName = new Map<string, (typeof persons)[number][]>();
  for (const one of persons) {
    const others = ofName.get(one.person);
    if (others) others.push(one);
    else ofName.set(one.person, [one]);
  }
  return new Map(
    persons.map(({ arn, person, kind, account }) => {
      const others = ofName.get(person) ?? [];
      const hasOtherKind = others.some((one) => one.kind !== kind);
      const hasOtherAccount = others.some((one) => one.kind === kind && one.account !== account);
      if (!hasOtherKind && !hasOtherAccount) return [arn, person];
      return [arn, `${person} (${kind}${hasOtherAccount && account !== '' ? ` in ${account}` : ''})`];
    }),
  );
}

type Of = Pick<Caller, 'account'>;

function userOf(name: string, of: Of): Caller {
  if (API_KEY_USER.test(name)) return { kind: 'apiKey', name: `API key ${name}`, ...of };
  return { kind: 'user', name, person: name, ...of };
}

/** The ARN of a session has its role without the role's path. */
function roleOf([role = '', ...rest]: readonly string[], of: Of): Caller {
  const session = rest.join('/');
  const set = PERMISSION_SET_ROLE.exec(role)?.[1];
  if (session === '') return { kind: 'role', name: role, role, ...of };
  return set === undefined
    ? { kind: 'role', name: `${role}/${session}`, role, session, ...of }
    : { kind: 'identityCenter', name: session, person: session, role: set, session, ...of };
}
