import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { REGION, type Emulator } from '../../../local/emulator';
import { GuardFunctions } from '../../../local/functions';
import { ROOT } from '../../../local/python';

export const STACK = 'SpendGuard-account';
export const BUCKET = 'my-releases';
const PREFIX = 'spend-guard/try/';
const PAUSE_MS = 100;
const TRIES = 1_200;

export type Parameters = Readonly<Record<string, string>>;

/** The one-click template on the local AWS, by the APIs that a console and a command line use: no CDK is in the way. */
export class OneClick {
  private readonly cloudFormation: CloudFormationClient;
  private changes = 0;

  constructor(readonly aws: Emulator) {
    this.cloudFormation = aws.client(CloudFormationClient);
  }

  get folder(): string {
    return path.join(this.aws.work.path, 'one-click');
  }

  /** As a person runs it. Returns what it printed. */
  release(): string {
    const script = path.join(ROOT, 'scripts/release-template.ts');
    const args = ['--region', REGION, '--bucket', BUCKET, '--prefix', PREFIX, '--out', this.folder];
    return execFileSync(process.execPath, ['-r', './bin/on-node.js', '-r', 'tsx/cjs', script, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
  }

  /** Everything in the folder, below the prefix. @param isLeftOut by name */
  async upload(isLeftOut: (name: string) => boolean = () => false): Promise<void> {
    const s3 = new S3Client({
      endpoint: this.aws.endpoint,
      region: REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: this.aws.env['AWS_ACCESS_KEY_ID']!, secretAccessKey: 'local' },
    });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    for (const name of readdirSync(this.folder).filter((one) => !isLeftOut(one))) {
      const Body = readFileSync(path.join(this.folder, name));
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${PREFIX}${name}`, Body }));
    }
    s3.destroy();
  }

  /**
   * What `aws cloudformation deploy` does: a change set, for a stack that is there with the earlier value of each parameter that is
   * not given. @throws Error with CloudFormation's own reason
   */
  async deploy(parameters: Parameters): Promise<void> {
    const before = await this.stack();
    const earlier = (before?.Parameters ?? []).flatMap(({ ParameterKey = '' }) =>
      ParameterKey in parameters ? [] : [{ ParameterKey, UsePreviousValue: true }],
    );
    this.changes += 1;
    const names = { StackName: STACK, ChangeSetName: `change-${this.changes}` };
    await this.cloudFormation.send(
      new CreateChangeSetCommand({
        ...names,
        ChangeSetType: before === undefined ? 'CREATE' : 'UPDATE',
        TemplateURL: `${this.aws.endpoint}/${BUCKET}/${PREFIX}spend-guard.template.json`,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        Parameters: [
          ...Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
          ...earlier,
        ],
      }),
    );
    await this.until(async () => {
      const { Status, StatusReason } = await this.cloudFormation.send(new DescribeChangeSetCommand(names));
      if (Status === 'FAILED') throw new Error(StatusReason);
      return Status === 'CREATE_COMPLETE';
    });
    await this.cloudFormation.send(new ExecuteChangeSetCommand(names));
    await this.until(async () => {
      const status = (await this.stack())?.StackStatus ?? '';
      if (/ROLLBACK_COMPLETE|FAILED/.test(status)) throw new Error(`${status}: ${await this.failure()}`);
      return /^(CREATE|UPDATE)_COMPLETE$/.test(status);
    });
  }

  async remove(): Promise<void> {
    await this.cloudFormation.send(new DeleteStackCommand({ StackName: STACK }));
    await this.until(async () => {
      const stack = await this.stack();
      if (stack?.StackStatus === 'DELETE_FAILED') throw new Error(`DELETE_FAILED: ${await this.failure()}`);
      return stack === undefined;
    });
  }

  async output(name: string): Promise<string> {
    const found = (await this.stack())?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (found === undefined) throw new Error(`${STACK} has no output ${name}`);
    return found;
  }

  functions(): Promise<GuardFunctions> {
    return GuardFunctions.of(this.aws, 'account');
  }

  /** Undefined where there is none, or none any more. */
  async stack(): Promise<Stack | undefined> {
    try {
      const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
      return Stacks.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    } catch (error) {
      if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
      throw error;
    }
  }

  private async failure(): Promise<string> {
    const { StackEvents = [] } = await this.cloudFormation.send(new DescribeStackEventsCommand({ StackName: STACK }));
    const failed = StackEvents.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED'));
    return failed
      .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`)
      .join('; ');
  }

  private async until(isDone: () => Promise<boolean>): Promise<void> {
    for (let tries = 1; !(await isDone()); tries++) {
      if (tries === TRIES) throw new Error(`${STACK} is not done: ${(await this.stack())?.StackStatus}`);
      await sleep(PAUSE_MS);
    }
  }
}
