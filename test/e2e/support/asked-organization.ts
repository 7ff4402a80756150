import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { OrganizationDocument } from '../../../core/organization';
import type { Mail } from '../../../local/control';
import { REGION } from '../../../local/emulator';
import { LocalOrganization, type Person } from './local-organization';

/** As AWS words it. */
export const DENIED = expect.stringMatching(/explicit deny in a service control policy/) as unknown;

export type Report = { readonly kind: string; readonly document: OrganizationDocument; readonly page?: string };

/** An organisation, and what people and its own schedules ask of its hub. */
export class AskedOrganization extends LocalOrganization {
  /** @param now of the hub's own clock */
  async document(now?: number): Promise<OrganizationDocument> {
    const event = now === undefined ? {} : { now: new Date(now).toISOString() };
    return (await this.ask<Report>('Viewer', 'organization-report', event)).document;
  }

  async accountOf(account: string, now?: number) {
    const found = (await this.document(now)).accounts.find((one) => one.account === account);
    if (!found) throw new Error(`the report lacks ${account}`);
    return found;
  }

  async brakeOf(account: string) {
    return (await this.accountOf(account)).brake;
  }

  order(command: string, account: string, more: object = {}, by: Person = 'Operator') {
    return this.ask<{ kind: string; why?: string }>(by, 'organization-brake', {
      command,
      account,
      by: 'on-call',
      ...more,
    });
  }

  brakeRuns(now = Date.now()) {
    return this.ask('Operator', 'organization-brake', { source: 'schedule', now: new Date(now).toISOString() });
  }

  async hubMails(about: string): Promise<readonly Mail[]> {
    const topic = this.output('AlertTopicArn');
    return (await this.aws.control.mails()).filter((one) => one.topic === topic && one.subject.includes(about));
  }

  async spendAndTell(account: string, usd: number): Promise<void> {
    await this.spend(account, usd);
    const { error, lines } = await this.tick(account);
    expect({ error, told: lines.at(-1)?.['hub'] }).toEqual({ error: undefined, told: 'told' });
  }

  /** Makes a role in an account that may call models. @returns its credentials */
  async breakGlass(account: string) {
    const inAccount = this.made.in(account);
    const iam = inAccount.client(IAMClient);
    const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const RoleName = 'break-glass';
    const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' };
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
    const call = policy({ Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'call', PolicyDocument: call }));
    iam.destroy();
    return inAccount.credentialsFor(`arn:aws:iam::${account}:role/${RoleName}`);
  }

  async objectOf(Bucket: string, Key: string): Promise<string> {
    const s3 = new S3Client({
      endpoint: this.aws.endpoint,
      region: REGION,
      forcePathStyle: true,
      credentials: this.made.credentialsOf(this.made.managementAccount),
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = await Body!.transformToString();
    s3.destroy();
    return text;
  }
}
