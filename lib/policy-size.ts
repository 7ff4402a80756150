/** IAM's quota for a managed policy, white space not counted (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
export const MAX_POLICY_CHARACTERS = 6_144;

/** The same page's quota for all inline policies of a role together. */
export const MAX_INLINE_CHARACTERS = 10_240;

/** The same page's default quota of managed policies that a role may have attached. */
export const MAX_ATTACHED_POLICIES = 10;

/** An intrinsic stands for an ARN; the longest here, an application inference profile's, has about 90. */
const RESOLVED_ARN_CHARACTERS = 120;

/** The most that a pseudo parameter inside an ARN can stand for. */
const PSEUDO_PARAMETER_CHARACTERS: Readonly<Record<string, number>> = {
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-northeast-1'.length,
  'AWS::AccountId': '111122223333'.length,
};

/** As IAM counts: without white space, and with what stands for an ARN at the length of one. */
export function policyCharacters(document: unknown): number {
  const json = JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const intrinsic = Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
    if (!intrinsic) return value;
    const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
    if (!join) return 'x'.repeat(RESOLVED_ARN_CHARACTERS);
    return join[1].map((part) => (typeof part === 'string' ? part : 'x'.repeat(charactersOf(part)))).join('');
  });
  return json.replace(/\s/g, '').length;
}

function charactersOf(intrinsic: unknown): number {
  const { Ref } = intrinsic as { Ref?: string };
  return PSEUDO_PARAMETER_CHARACTERS[Ref ?? ''] ?? RESOLVED_ARN_CHARACTERS;
}
