import { canonical, rendered } from './canonical';
import type { Verdict } from './openness';
import { isWithin } from './patterns';

type Rule = Readonly<Record<string, unknown>>;

interface RuleChange {
  readonly before: unknown;
  readonly after: unknown;
  readonly verdict: Verdict;
}

/**
 * Rules of a security group that came or went. A rule is no opening where one that was there let as much through.
 * @param before undefined where the group names none
 */
export function ruleChanges(property: string, before: unknown, after: unknown): readonly RuleChange[] {
  const isByHistory = BY_HISTORY.includes(property) && (before === undefined || after === undefined);
  const [was, is] = [before, after].map((one) => (isByHistory ? undefined : rulesOf(one)));
  if (was === undefined || is === undefined) return [{ before, after, verdict: 'notJudged' }];
  const only = (some: readonly Rule[], others: readonly Rule[]) =>
    some.filter((rule) => !others.some((other) => bare(other) === bare(rule)));
  const [lost, gained] = [only(was, is), only(is, was)];
  return [
    ...gained.map((rule) => ({
      before: undefined,
      after: text(rule),
      verdict: was.some((other) => isWider(other, rule)) ? ('narrower' as const) : ('broader' as const),
    })),
    ...lost.map((rule) => ({ before: text(rule), after: undefined, verdict: 'narrower' as const })),
  ];
}

/**
 * What holds where a group names none depends on what it once named: everything may go out of one that is made without rules, and
 * nothing of one that has lost them. No template says which it is.
 * @see https://docs.amazonaws.cn/en_us/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.md found 2026-11-28
 */
const BY_HISTORY = ['SecurityGroupEgress'];

/** @returns undefined where the list, or one of its rules, is made by a function */
function rulesOf(value: unknown): readonly Rule[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const rules = value as readonly unknown[];
  return rules.every((one) => typeof one === 'object' && one !== null && 'IpProtocol' in one) ? rules : undefined;
}

const SOURCES =
  /^(CidrIp|CidrIpv6|SourceSecurityGroup\w+|DestinationSecurityGroup\w+|SourcePrefixListId|DestinationPrefixListId)$/;

function isWider(wide: Rule, rule: Rule): boolean {
  const isAll = rendered(wide['IpProtocol']) === '-1';
  if (!isAll && rendered(wide['IpProtocol']) !== rendered(rule['IpProtocol'])) return false;
  if (
    !isAll &&
    !(Number(wide['FromPort']) <= Number(rule['FromPort']) && Number(wide['ToPort']) >= Number(rule['ToPort']))
  ) {
    return false;
  }
  const sources = Object.entries(rule).filter(([name]) => SOURCES.test(name));
  return (
    sources.length > 0 && sources.every(([name, value]) => isWithin(rendered(value), rendered(wide[name] ?? null)))
  );
}

function bare(rule: Rule): string {
  return canonical({ ...rule, Description: undefined });
}

function text(rule: Rule): string {
  return Object.entries(rule)
    .map(([name, value]) => `${name} ${rendered(value)}`)
    .join(', ');
}
