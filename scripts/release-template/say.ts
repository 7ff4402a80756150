import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { guardItself, selfCost, selfCostLines, selfCostTotal } from '../../core/estimates';
import { formatUsd } from '../../core/money';
import { countBillable, type OneClickStack, SpendGuardConfig, SpendGuardStack } from '../../lib';
import { type BuiltTemplate, TEMPLATE_FILE } from './build';
import type { ReleaseOptions } from './options';

/** A template may have so many bytes in a request, and as an object of S3 (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, read 2026-11-29). */
const MOST_IN_REQUEST = 51_200;
export const MOST_IN_BUCKET = 1_048_576;

/** What a person does with a built template. */
export function releaseLines(
  options: ReleaseOptions,
  { templateFile, bytes, assets, stack }: BuiltTemplate,
): readonly string[] {
  const { region, bucket = 'BUCKET', prefix, out } = options;
  const code = assets.reduce((sum, asset) => sum + asset.bytes, 0);
  const folder = prefix.replace(/\/$/, '');
  const isGiven = options.bucket !== undefined;
  const given = ['MonthlyLimitUsd=50', 'Email=you@example.com', 'Mode=enforce', 'AccountWide=yes'];
  const parameters = isGiven ? given : [...given, `AssetBucket=${bucket}`];
  return [
    `template: ${templateFile}, ${bytes} bytes: more than the ${MOST_IN_REQUEST} of a request, so that it goes by the bucket, which takes ${MOST_IN_BUCKET}`,
    `code: ${assets.length} zip files, ${Math.round(code / 1024)} KB`,
    ...(stack.leftOut.length === 0 ? [] : [`left out in ${region}: ${stack.leftOut.join(', ')}`]),
    '',
    `1. upload both${isGiven ? '' : ' (BUCKET is yours to name)'}; the bucket must be in ${region}, or Lambda refuses the code:`,
    `   aws s3 sync ${quoted(out)} s3://${path.posix.join(bucket, folder)} --region ${region}`,
    '2. deploy, by command',
    `   aws cloudformation deploy --region ${region} --stack-name ${stack.stackName} --template-file ${quoted(templateFile)} --s3-bucket ${bucket}${folder === '' ? '' : ` --s3-prefix ${folder}`} --capabilities CAPABILITY_NAMED_IAM --parameter-overrides ${parameters.join(' ')}`,
    '   or in the console',
    `   ${quickCreateLink(options, stack.stackName)}`,
    '3. confirm the subscription that AWS mails; docs/one-click.md has the rest',
    '',
    'with AccountWide=yes, where every call may be of a model that nobody has named:',
    ...selfCostLines(countBillable(stack)),
    costOfProfilesAlone(stack),
  ];
}

/** The same guard where what goes through its profiles counts: then the calls that are seen bound what they can have cost. */
function costOfProfilesAlone({ configuration }: OneClickStack): string {
  const config = SpendGuardConfig._ofChecked({ environments: [configuration], notices: [] });
  const guard = new SpendGuardStack(new App(), { config, environmentName: configuration.name });
  const { freeTierLeft, freeTierUsedUp, busy } = selfCostTotal(guardItself(selfCost(countBillable(guard))));
  return `with AccountWide=no the total is ${formatUsd(freeTierLeft)}, ${formatUsd(freeTierUsedUp)} and ${formatUsd(busy)}`;
}

/** By https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html, read 2026-11-29. */
export function quickCreateLink({ region, bucket = 'BUCKET', prefix }: ReleaseOptions, stackName: string): string {
  // By path, as a bucket with dots has no certificate for a name of its own.
  const templateUrl = `https://s3.${region}.amazonaws.com/${bucket}/${prefix}${TEMPLATE_FILE}`;
  const query = [
    `templateURL=${encodeURIComponent(templateUrl)}`,
    `stackName=${stackName}`,
    `param_AssetBucket=${bucket}`,
    `param_AssetPrefix=${encodeURIComponent(prefix)}`,
  ];
  return `https://${region}.console.aws.amazon.com/cloudformation/home?region=${region}#/stacks/create/review?${query.join('&')}`;
}

/** For a shell. */
function quoted(file: string): string {
  return /^[\w./@+-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}
