/** Where a guard is deployed: the name of an environment is unique there alone, and a channel may serve several of them. */
export interface Home {
  readonly account: string;
  readonly region: string;
}

/** @param topicArn `arn:aws:sns:<region>:<account>:<name>` */
export function homeOf(topicArn: string): Home {
  const [, , , region, account] = topicArn.split(':');
  return { account: named(account), region: named(region) };
}

function named(part: string | undefined): string {
  return part === undefined || part === '' ? 'unknown' : part;
}

/** What is unique over all guards. */
export function homeName({ account, region }: Home, environment: string): string {
  return `${account}|${region}|${environment}`;
}
