import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { callModel } from '../../../local/caller';
import { cdkFor, type Cdk } from '../../../local/cdk';
import type { Mail } from '../../../local/control';
import { startEmulator, type Credentials, type Emulator } from '../../../local/emulator';
import { GuardFunctions } from '../../../local/functions';
import { credentialsOf, makePrincipals } from './callers';
import { holdersOf, stateInEffect } from './look';
import { makeManagedFunction } from './managed-function';
import tiers, { CONFIG } from './tiers';
import { grantedRoles, type GrantedRole } from './granted';

/** One environment's guard, deployed. */
export interface Deployed {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly functions: GuardFunctions;
  readonly invokerArn: string;
  /** ARNs of its application inference profiles. */
  readonly profiles: Readonly<Record<'pro' | 'lite' | 'llama' | 'coder' | 'haiku', string>>;
  /** ARNs of the switch and of AWS Budgets' own deny. */
  readonly deny: { readonly switch: string; readonly bill: string };
  readonly budgetName: string;
  readonly topicArn: string;
  readonly stateTable: string;
}

/** Functions that Application Auto Scaling keeps at their minimum, unless the guard suspends that. */
const SCALED = ['models-staging', 'models-kept', 'models-faulty'];

/** An emulator with the guard on it, which all specs of a run share; what they use of IAM adds up. */
export class LocalGuard {
  /** The roles of every stack as they were deployed, also of those that are destroyed by now. */
  readonly granted: GrantedRole[] = [];
  private readonly deployed = new Map<string, Deployed>();
  private readonly clients = new Map<string, BedrockRuntimeClient>();
  private emulator: Emulator | undefined;
  private shippedCdk: Cdk | undefined;

  get aws(): Emulator {
    if (!this.emulator) throw new Error('not started');
    return this.emulator;
  }

  get cdk(): Cdk {
    if (!this.shippedCdk) throw new Error('not started');
    return this.shippedCdk;
  }

  /** Schedules fire when a test says so: ticks of their own would be in the way. */
  async start(): Promise<void> {
    this.emulator = await startEmulator({ scheduleSeconds: 3600 });
    this.shippedCdk = cdkFor(this.aws, { config: CONFIG });
    await this.cdk.bootstrap();
    await makePrincipals(this.aws);
  }

  async stop(): Promise<void> {
    for (const client of this.clients.values()) client.destroy();
    await this.emulator?.stop();
  }

  /** By plain `cdk deploy`, all of them at once. */
  async deploy(...names: readonly string[]): Promise<void> {
    const managed = names.flatMap((name) => tiers.environments[name]?.provisionedConcurrency ?? []);
    for (const { functionName } of managed) {
      await makeManagedFunction(this.aws, functionName, SCALED.includes(functionName));
    }
    await this.cdk.deploy(...names);
    for (const name of names) await this.look(name, this.cdk);
  }

  /** Deploys an environment anew with another config. */
  async redeploy(name: string, config: string): Promise<void> {
    const cdk = cdkFor(this.aws, { config });
    await cdk.deploy(name);
    await this.look(name, cdk);
  }

  of(name: string): Deployed {
    const found = this.deployed.get(name);
    if (!found) throw new Error(`${name} is not deployed`);
    return found;
  }

  /** What becomes of one Converse call by the environment's own role, or by somebody else. */
  async call(model: string, by: string | Credentials): Promise<'answered' | 'denied'> {
    const key = typeof by === 'string' ? by : by.accessKeyId;
    const client =
      this.clients.get(key) ??
      this.aws.client(BedrockRuntimeClient, typeof by === 'string' ? await credentialsOf(this.aws, by) : by);
    this.clients.set(key, client);
    return (await callModel(client, model)).kind;
  }

  /** The version of an environment's switch that is in effect, told from its content; undefined: it is nobody's text. */
  inEffect(name: string): Promise<DesiredState | undefined> {
    return stateInEffect(this.aws, this.of(name).deny.switch);
  }

  /** Whom IAM names as having one of an environment's policies, as `role app`, sorted. */
  holdersOf(policyArn: string): Promise<readonly string[]> {
    return holdersOf(this.aws, policyArn);
  }

  /** What the environment's own topic has mailed since the call, once the function that is returned is called. */
  async mailsFrom(name: string): Promise<() => Promise<readonly Mail[]>> {
    const { topicArn } = this.of(name);
    const own = async () => (await this.aws.control.mails()).filter(({ topic }) => topic === topicArn);
    const before = (await own()).length;
    return async () => (await own()).slice(before);
  }

  private async look(name: string, cdk: Cdk): Promise<void> {
    const outputs = cdk.outputs(name);
    const output = (pattern: RegExp) => {
      const [, value] = Object.entries(outputs).find(([key]) => pattern.test(key)) ?? [];
      if (value === undefined) throw new Error(`${name} has no output ${pattern}: ${Object.keys(outputs).join(', ')}`);
      return value;
    };
    this.deployed.set(name, {
      name,
      outputs,
      functions: await GuardFunctions.of(this.aws, name),
      invokerArn: output(/^InvokerRoleArn$/),
      profiles: {
        pro: output(/^ProfileAmazonNovaPro/),
        lite: output(/^ProfileAmazonNovaLite/),
        llama: output(/^ProfileMeta/),
        coder: output(/^ProfileQwen/),
        haiku: output(/^ProfileGlobalAnthropic/),
      },
      deny: {
        switch: output(/^SwitchPolicyArn$/),
        bill: output(/^DenyBillPolicyArn$/),
      },
      budgetName: output(/^BudgetName/),
      topicArn: output(/^AlertTopicArn$/),
      stateTable: output(/^StateTableName$/),
    });
    this.granted.push(...(await grantedRoles(this.aws, name)));
  }
}
