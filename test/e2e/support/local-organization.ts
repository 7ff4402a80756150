import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  ListStackInstancesCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { OrganizationInput } from '../../../config/organization-schema';
import { lambdaDeployedGuard } from '../../../lambda/adapters/lambda';
import { callModel } from '../../../local/caller';
import { cdkFor, type Cdk } from '../../../local/cdk';
import { ACCOUNT, REGION, startEmulator, type Credentials, type Emulator } from '../../../local/emulator';
import { GuardFunctions, type Invoked } from '../../../local/functions';
import { type Said, spendGuardOf } from './cli';
import { spendOn } from './month';
import { startOrganization, type Organization } from './organization';

const PRO = 'amazon.nova-pro-v1:0';
export type Person = 'Viewer' | 'Operator';

/** An organization on the local AWS with its hub, and a guard in every member account. */
export class LocalOrganization {
  private emulator: Emulator | undefined;
  private organization: Organization | undefined;
  private hub: { readonly cdk: Cdk; readonly file: string } | undefined;
  private readonly people = new Map<Person, Promise<Credentials>>();

  get aws(): Emulator {
    if (!this.emulator) throw new Error('not started');
    return this.emulator;
  }

  get members(): readonly string[] {
    return this.made.members;
  }

  get made(): Organization {
    if (!this.organization) throw new Error('not started');
    return this.organization;
  }

  private get deployed() {
    if (!this.hub) throw new Error('not started');
    return this.hub;
  }

  async start(members: number): Promise<void> {
    this.emulator = await startEmulator({ scheduleSeconds: 3600 });
    this.organization = await startOrganization(this.aws, { members });
    await this.aws.client(CloudFormationClient).send(new ActivateOrganizationsAccessCommand({}));
    for (const name of ['finance', 'on-call']) await this.person(name);
    const file = path.join(this.aws.work.path, 'organization.ts');
    this.hub = { file, cdk: cdkFor(this.aws, { context: { organization: file } }) };
    await this.deployed.cdk.bootstrap();
  }

  async stop(): Promise<void> {
    await this.emulator?.stop();
  }

  /** By plain `cdk deploy --all`, with the file as it then is. */
  async deploy(changes: Pick<OrganizationInput, 'accounts'> & Partial<OrganizationInput>): Promise<void> {
    const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const input: OrganizationInput = {
      organizationId: this.made.id,
      managementAccount: ACCOUNT,
      hubRegion: REGION,
      owner: 'owner@example.com',
      report: { at: '08:00', timeZone: 'Europe/Berlin' },
      brake: { neverStop: ['arn:aws:iam::*:role/break-glass'] },
      stackSet: { organizationalUnits: [this.made.ouId], mode: 'enforce', accountWide: true, regions: [REGION] },
      people: { viewers: [arn('finance')], operators: [arn('on-call')] },
      defaultLimitUsd: 20,
      ...changes,
    };
    writeFileSync(this.deployed.file, `export default ${JSON.stringify(input)};\n`);
    await this.deployed.cdk.deploy();
  }

  /** By plain `cdk destroy`, of the hub or of the StackSet's stack, once its termination protection is off. */
  async destroy(which: 'hub' | 'members'): Promise<void> {
    const name = which === 'hub' ? 'organization' : 'organization-members';
    const command = { StackName: `SpendGuard-${name}`, EnableTerminationProtection: false };
    await this.aws.client(CloudFormationClient).send(new UpdateTerminationProtectionCommand(command));
    await this.deployed.cdk.destroy(name);
  }

  output(name: string): string {
    const found = this.deployed.cdk.outputs('organization')[name];
    if (found === undefined) throw new Error(`the hub has no output ${name}`);
    return found;
  }

  /** The state of each member's instance of the StackSet, in the order of `members`. */
  async instances(): Promise<readonly (string | undefined)[]> {
    const { Summaries = [] } = await this.aws
      .client(CloudFormationClient)
      .send(new ListStackInstancesCommand({ StackSetName: 'SpendGuard' }));
    return this.members.map((account) => Summaries.find(({ Account }) => Account === account)?.Status);
  }

  /** Of the account's guard. */
  functionsOf(account: string): Promise<GuardFunctions> {
    return GuardFunctions.of(this.made.in(account), 'account');
  }

  async tick(account: string): Promise<Invoked> {
    return (await this.functionsOf(account)).tick(Date.now());
  }

  /** A minute ago, called past every profile: the guard counts all of the account. */
  spend(account: string, usd: number): Promise<void> {
    return spendOn(this.made.in(account), PRO, usd, Date.now() - 60_000, 1);
  }

  /** One call by the account's administrator, whom no guard holds. */
  async call(account: string, by?: Credentials): Promise<string> {
    const client = this.made.in(account).client(BedrockRuntimeClient, by);
    const called = await callModel(client, PRO);
    client.destroy();
    return called.kind === 'denied' ? called.message : called.kind;
  }

  /** An event that an account's administrator puts straight on the hub's bus. @returns the error's code, or '' */
  async put(
    account: string,
    { source, detailType, detail }: { readonly source: string; readonly detailType: string; readonly detail: object },
  ): Promise<string> {
    const client = this.made.in(account).client(EventBridgeClient);
    const entry = { Source: source, DetailType: detailType, Detail: JSON.stringify(detail) };
    try {
      const { Entries = [] } = await client.send(
        new PutEventsCommand({ Entries: [{ ...entry, EventBusName: this.output('HubBusArn') }] }),
      );
      return Entries[0]?.ErrorCode ?? '';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    } finally {
      client.destroy();
    }
  }

  /**
   * What a function of the hub answers when a person runs it, under their role: found by its tags, as the command line finds it.
   * @throws Error what it ended in, or AccessDeniedException
   */
  async ask<T>(person: Person, feature: string, event: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const client = this.aws.client(LambdaClient, await this.as(person));
    const guard = lambdaDeployedGuard(client, client);
    const found = await guard.functionOf('organization', feature);
    if (!found) throw new Error(`the hub has no function ${feature}`);
    const answer = await guard.invoke(found.name, event);
    if (answer.kind === 'failed') throw new Error(`${answer.errorName}: ${answer.text}`);
    return answer.value as T;
  }

  /** `spend-guard organization …`, as a process of its own, under the person's role. */
  async says(person: Person, ...args: readonly string[]): Promise<Said> {
    return spendGuardOf(this.aws, await this.as(person), this.deployed.file, ...args);
  }

  /** Runs a function of the hub as an event, which nobody waits for. */
  async send(feature: string, event: object): Promise<void> {
    const command = {
      FunctionName: await this.nameOf(feature),
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    } as const;
    await this.aws.client(LambdaClient).send(new InvokeCommand(command));
  }

  private async nameOf(feature: string): Promise<string> {
    const { names } = await GuardFunctions.of(this.aws, 'organization');
    const name = names[feature];
    if (name === undefined) throw new Error(`the hub has no function ${feature}`);
    return name;
  }

  private as(person: Person): Promise<Credentials> {
    const known = this.people.get(person) ?? this.assumed(person);
    this.people.set(person, known);
    return known;
  }

  private async assumed(person: Person): Promise<Credentials> {
    const name = person === 'Viewer' ? 'finance' : 'on-call';
    const sts = this.aws.client(STSClient, await this.aws.credentialsFor(`arn:aws:iam::${ACCOUNT}:role/${name}`));
    const { Credentials: found } = await sts.send(
      new AssumeRoleCommand({ RoleArn: this.output(`${person}RoleArn`), RoleSessionName: name }),
    );
    sts.destroy();
    if (!found?.AccessKeyId || !found.SecretAccessKey || !found.SessionToken)
      throw new Error(`no session of ${person}`);
    return {
      accessKeyId: found.AccessKeyId,
      secretAccessKey: found.SecretAccessKey,
      sessionToken: found.SessionToken,
    };
  }

  private async person(name: string): Promise<void> {
    const iam = this.aws.client(IAMClient);
    const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document(trust) }));
    const assume = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'assume', PolicyDocument: assume }));
    iam.destroy();
  }
}
