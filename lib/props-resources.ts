import { CfnResource, type IResource, Stack, Token } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as ses from 'aws-cdk-lib/aws-ses';
import type { Construct, IConstruct } from 'constructs';
import type { Problem } from '../config';
import { unknownAtSynth } from './props-tokens';
import type { SpendGuardProps } from './spend-guard-props';

/** What a guard is told of the resources that its props name, of the app or imported. */
export interface NamedResources {
  readonly problems: readonly Problem[];
  /** The log group's name, where synth knows it: the configuration has rules for it. */
  readonly logGroup?: string;
  /** The log group's name, where only a deployment knows it. */
  readonly lateLogGroup?: string;
  /** What SES has verified, or will have: an address or a domain. */
  readonly identity?: string;
}

/** Reads the names, and refuses what stands where the guard's functions do not look. */
export function namedResources(guard: Construct, props: SpendGuardProps): NamedResources {
  const log = logGroupOf(guard, props.invocationLogs);
  const mail = identityOf(guard, props);
  return { ...log, ...mail, problems: [...log.problems, ...mail.problems] };
}

function logGroupOf(guard: Construct, group: logs.ILogGroup | undefined): NamedResources {
  // An app in JavaScript may give null for nothing.
  if (group === undefined || group === null) return { problems: [] };
  const path = 'invocationLogs';
  const problems = [...placeProblems(guard, path, group, group.logGroupArn), ...classProblems(path, group)];
  const { logGroupName } = group;
  return Token.isUnresolved(logGroupName)
    ? { problems, lateLogGroup: logGroupName }
    : { problems, logGroup: logGroupName };
}

/**
 * Logs Insights finds the fields of records in groups of the Standard class
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html, read 2026-11-29).
 */
function classProblems(path: string, { node: { defaultChild } }: logs.ILogGroup): readonly Problem[] {
  if (!isOfType(defaultChild, 'AWS::Logs::LogGroup')) return [];
  const { logGroupClass = 'STANDARD' } = defaultChild as logs.CfnLogGroup;
  if (Token.isUnresolved(logGroupClass) || logGroupClass === 'STANDARD') return [];
  const text = `must be of the class STANDARD, as Logs Insights finds no fields in another, got ${logGroupClass}`;
  return [{ path, text }];
}

function identityOf(guard: Construct, { reportFrom, reportIdentity }: SpendGuardProps): NamedResources {
  const path = 'reportIdentity';
  if (reportIdentity === undefined || reportIdentity === null) return { problems: [] };
  if (reportFrom === undefined || reportFrom === null) {
    const text = 'needs reportFrom: the address, verified by it, that the daily report comes from';
    return { problems: [{ path, text }] };
  }
  const problems = placeProblems(guard, path, reportIdentity, reportIdentity.emailIdentityArn);
  const identity = verifiedBy(reportIdentity);
  return Token.isUnresolved(identity)
    ? { problems: [...problems, unknownAtSynth(path, 'synth checks that reportFrom is verified by it')] }
    : { problems, identity };
}

/** Of an identity of the app its name is known at deployment only, and what it verifies at synth all the same. */
function verifiedBy({ emailIdentityName, node: { defaultChild } }: ses.IEmailIdentity): string {
  if (!Token.isUnresolved(emailIdentityName)) return emailIdentityName;
  return isOfType(defaultChild, 'AWS::SES::EmailIdentity')
    ? (defaultChild as ses.CfnEmailIdentity).emailIdentity
    : emailIdentityName;
}

/** Not by its class, of which an app may have another copy. */
function isOfType(child: IConstruct | undefined, type: string): boolean {
  return child !== undefined && CfnResource.isCfnResource(child) && child.cfnResourceType === type;
}

/** The guard's functions look in their own account and Region: the same name elsewhere is another resource, or none. */
function placeProblems(guard: Construct, path: string, { env }: IResource, arn: string): readonly Problem[] {
  const [, inRegion, inAccount] = /^arn:[^:]+:[^:]+:([^:]+):([^:]+):/.exec(arn) ?? [];
  const { region, account } = Stack.of(guard);
  return [
    ...differs(path, 'Region', inRegion ?? env.region, region),
    ...differs(path, 'account', inAccount ?? env.account, account),
  ];
}

function differs(path: string, what: 'Region' | 'account', theirs: string, own: string): readonly Problem[] {
  if (Token.isUnresolved(theirs) || theirs === own) return [];
  const why = Token.isUnresolved(own)
    ? `and the stack's is not known at synth: give the stack env: { account: '${theirs}', region: '…' }, or import it by its name alone`
    : `and the guard looks in that of its stack alone, ${own}`;
  return [{ path, text: `is of ${what} ${theirs}, ${why}` }];
}
