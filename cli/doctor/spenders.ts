import type { EnvironmentConfig } from '../../config';
import type { TagStatus } from '../../core/bill';
import type { Answer } from '../../core/health';
import { type InvocationLogging, type LogGroup, LOG_KEPT_DAYS, principalTagKey } from '../../core/spenders';
import type { Looked } from '../looked/looked';
import type { Services } from '../services';
import { unknown, type Ask, type Diagnosis } from './diagnosis';

/**
 * "Field discovery is supported only for log groups in the Standard log class"
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html, read 2026-11-29).
 */
const STANDARD = 'STANDARD';

/** Whether who spent it can be known: by the log of invocations, and by the tag of IAM principals. No record is read. */
export async function spenders(
  ask: Ask,
  services: Services,
  { region, meter, spenders: { logGroup, principalTag } }: EnvironmentConfig,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  if (logGroup === undefined) {
    for (const question of ['logGroups', 'invocationLogging'] as const) {
      look.skip(question, 'notConfigured', 'spenders names no log group');
    }
  } else {
    diagnoses.push(logGroupOf(logGroup, region, await ask((signal) => services.logGroups.group(logGroup, signal))));
    const logging = await ask((signal) => services.invocationLogging.configuration(signal));
    diagnoses.push(loggingOf(logGroup, region, logging));
    for (const other of meter.regions.filter((one) => one !== region)) {
      look.note(`who calls models in ${other}`, 'otherRegion', `a log group is of one Region, here ${region}`);
    }
  }
  if (principalTag !== undefined) {
    const key = principalTagKey(principalTag);
    diagnoses.push(principalTagOf(key, await ask(() => services.costTags.tagStatus(key))));
  }
  return diagnoses;
}

function logGroupOf(name: string, region: string, answer: Answer<LogGroup | undefined>): Diagnosis {
  const base = { check: 'invocation-log', subject: name } as const;
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  if (answer.value === undefined) {
    return {
      ...base,
      status: 'failed',
      detail: `there is no such log group in ${region} of this account: nobody is named`,
      fix: `name the one that Bedrock's model invocation logging writes to; or make it, aws logs create-log-group --region ${region} --log-group-name ${name}, and name it in Bedrock's settings`,
    };
  }
  const { logClass, retentionDays } = answer.value;
  if (logClass === undefined) {
    return { ...base, status: 'unknown', detail: 'CloudWatch Logs does not say of which class it is' };
  }
  if (logClass !== STANDARD) {
    return {
      ...base,
      status: 'failed',
      detail: `of the class ${logClass}, in which Logs Insights finds no fields: nobody is named`,
      fix: 'a class cannot be changed: make a log group of the class Standard, and name it in Bedrock and in the config',
    };
  }
  if (retentionDays !== undefined && retentionDays < LOG_KEPT_DAYS) {
    return {
      ...base,
      status: 'warning',
      detail: `keeps records for ${retentionDays} days: a day that the report missed is asked for again until it is ${LOG_KEPT_DAYS} days old, and what was deleted by then is in no figure`,
      fix: `aws logs put-retention-policy --region ${region} --log-group-name ${name} --retention-in-days ${LEAST_RETENTION}`,
    };
  }
  const kept = retentionDays === undefined ? 'kept for good' : `kept for ${retentionDays} days`;
  return { ...base, status: 'ok', detail: `is there, of the class Standard, ${kept}; none of it was read` };
}

/** Bedrock's setting is one for the account and Region: a fix that sets it replaces what others may rely on. */
function loggingOf(logGroup: string, region: string, answer: Answer<InvocationLogging | undefined>): Diagnosis {
  const base = { check: 'invocation-logging', subject: region } as const;
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const set = `set model invocation logging to ${logGroup} in Bedrock's settings, which replaces what is set now: docs/who-spent.md`;
  if (answer.value === undefined) {
    return { ...base, status: 'failed', detail: 'Bedrock logs no invocations: nobody is named', fix: set };
  }
  const { logGroup: actual, isTextDelivered } = answer.value;
  if (actual === undefined) {
    const detail = 'Bedrock logs invocations to S3 alone: nobody is named';
    return { ...base, status: 'failed', detail, fix: set };
  }
  if (actual !== logGroup) {
    const detail = `Bedrock logs invocations to ${actual}, not to ${logGroup}: nobody is named`;
    return { ...base, status: 'failed', detail, fix: `name ${actual} in spenders.invocationLogs.logGroup; or ${set}` };
  }
  if (isTextDelivered === false) {
    return {
      ...base,
      status: 'warning',
      detail: 'delivery of text is off: sources differ on whether records have token counts then',
      fix: 'look at the next report: where it says that there are no token counts, switch delivery of text on, or go by the tag',
    };
  }
  return { ...base, status: 'ok', detail: `Bedrock logs invocations to ${logGroup}` };
}

/** The least that CloudWatch Logs takes (LogGroup.retentionInDays, @aws-sdk/client-cloudwatch-logs 3.1164.0) and that is enough. */
const LEAST_RETENTION = 7;

/** No document says that Cost Explorer lists tags of IAM principals: where it does not, nothing is known of one. */
function principalTagOf(key: string, answer: Answer<TagStatus>): Diagnosis {
  const base = { check: 'principal-tag', subject: key } as const;
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const status = answer.value;
  if (status.kind === 'unavailable') return { ...base, status: 'unknown', detail: `not checked: ${status.why}` };
  const fix =
    'in the management account: Billing and Cost Management, Cost allocation tags, activate it as a tag of IAM principals; it takes 24 to 48 hours and tells nothing of earlier days';
  switch (status.state) {
    case 'active':
      return { ...base, status: 'ok', detail: 'active: the bill is divided by its values' };
    case 'inactive':
      return { ...base, status: 'warning', detail: 'not active: all spend is of no value of it', fix };
    case 'unseen':
      return {
        ...base,
        status: 'warning',
        detail:
          'Cost Explorer does not list it: nobody who carries it has called a model yet, or it lists no such tags',
        fix,
      };
  }
}
