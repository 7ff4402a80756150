import type { IamEntity } from './guard-config';

/** What people write of roles, users and groups: a name, one with its path, or an ARN. */

/** The name alone, which is unique in an account whatever the path. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1).replace(/^.*:/, '');
}

/** Absent: it is no ARN. */
export function accountOf(nameOrArn: string): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):/.exec(nameOrArn)?.[1];
}

export function iamEntity(nameOrArn: string): IamEntity {
  const withPath = nameOrArn.replace(/^arn:[^/]*\//, '');
  const slash = withPath.lastIndexOf('/');
  return { name: withPath.slice(slash + 1), path: slash < 0 ? '/' : `/${withPath.slice(0, slash)}/` };
}
