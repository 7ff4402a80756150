import { main, type Outside } from '../../cli/main';
import { secretLooks } from '../../cli/doctor/secret-looks';
import { sharedBudgetRelease } from '../../cli/release-budget';
import type { Services } from '../../cli/services';
import { HOUR_MS } from '../../core/calendar';
import { usd } from '../../core/money';
import { budgetKey, BUDGET_SORT_KEY } from '../../core/shared-budgets/keys';
import { ENVIRONMENT_BUDGET } from '../../core/shared-budgets/node';
import type { AccountPrincipal } from '../../core/health/ports';
import type { ApplicationProfile } from '../../core/meter/ports';
import type { CalculatedSpend, TagStatus } from '../../core/bill/ports';
import type { DeployedFunction, InvocationAnswer } from '../../core/enforcement/ports';
import { ServiceError } from '../../core/errors';
import { callerKeys } from '../../lambda/adapters/dynamodb/caller-keys';
import { readSharedBudget } from '../../lambda/adapters/dynamodb/shared-budget';
import { readingOf } from '../../lambda/adapters/dynamodb/shared-budgets';
import { makeHandler as autoStop } from '../../lambda/auto-stop/handler';
import { FakeLocalModels } from '../../simulator/fakes/local-models';
import { FakeDeliveries } from '../../simulator/fakes/deliveries';
import { FakeHtmlMail } from '../../simulator/fakes/html-mail';
import { FakeInvocationLogging } from '../../simulator/fakes/invocation-logging';
import { FakeLogGroups } from '../../simulator/fakes/log-groups';
import { FakeMail } from '../../simulator/fakes/mail';
import { FakeSecrets } from '../../simulator/fakes/secrets';
import { FakeSesSetup } from '../../simulator/fakes/ses-setup';
import { FakeUsageMetrics } from '../../simulator/fakes/usage-metrics';
import { NEVER } from '../../simulator/fakes/never';
import { OrganizationWorld } from '../helpers/organization-world';
import { LedgerProcesses } from '../helpers/ledger-processes';
import { ConcurrencyWorld, managed, target } from '../helpers/concurrency-world';
import { ACCOUNT, ENV, HealthWorld, NOW } from '../helpers/health-world';
import { VerifyAccount } from '../helpers/verify-account';
import { SpendMeterWorld, SWITCH_ARN as METER_SWITCH_ARN } from '../helpers/spend-meter-world';
import { costCheck, variables } from '../lambda/cost-check/harness';
import type { Answer } from './answer';

export const TABLE = 'state';

/** Typed, as Ctrl+C is. */
export const BREAKS_OFF = '\u0003';

/**
 * A terminal, and an AWS in which `dev` is deployed and everything is in order. Its functions are the real handlers, whose
 * answers travel as JSON, as they do from Lambda.
 */
export class CliWorld {
  now = NOW;
  tag: TagStatus = { kind: 'known', state: 'active' };
  /** By its key. */
  tagOf: (key: string) => TagStatus = () => this.tag;
  node = 'v24.21.0';
  isTerminal = false;
  noColor = false;
  /** What a person types, in turn; undefined: nobody is there. */
  answers: (string | undefined)[] = [];
  readonly asked: string[] = [];
  /** Whose services were asked for. */
  readonly regions: string[] = [];
  /** Application profiles of the account. */
  profiles: readonly ApplicationProfile[] = [];
  profilesRefusal: ServiceError | undefined;
  /** What the account has used; listed at once. */
  readonly usage = new FakeUsageMetrics({ now: () => this.now, listingDelay: () => 0 });
  readonly health = new HealthWorld();
  readonly lambda = new ConcurrencyWorld();
  readonly costs = costCheck({ now: new Date(NOW).toISOString() });
  readonly mail = new FakeMail();
  readonly verify = new VerifyAccount(() => this.now, ACCOUNT);
  /** Around every service, such as a process that is killed. */
  around: (services: Services) => Services = (services) => services;
  /** The meter of dev, on the same clock. */
  readonly meter = new SpendMeterWorld(new Date(NOW).toISOString());
  /** The organisation's hub, on the same clock. */
  readonly organization = new OrganizationWorld();
  readonly invoked: { readonly name: string; readonly event: unknown }[] = [];
  deployed: DeployedFunction[] = [
    { name: 'SpendGuard-dev-Health', feature: 'health-check', variables: healthVariables() },
    { name: 'SpendGuard-dev-Cost', feature: 'cost-check', variables: { ...variables } },
    {
      name: 'SpendGuard-dev-Meter',
      feature: 'spend-meter',
      variables: { STATE_TABLE_NAME: TABLE, LEASES_TABLE_NAME: 'leases', SWITCH_ARN: METER_SWITCH_ARN },
    },
    { name: 'SpendGuard-dev-Stop', feature: 'auto-stop', variables: { STATE_TABLE_NAME: TABLE } },
    { name: 'SpendGuard-organization-Report', feature: 'organization-report', variables: {} },
    { name: 'SpendGuard-organization-Brake', feature: 'organization-brake', variables: {} },
  ];
  /** Features that the caller may neither find nor run. */
  readonly denied = new Set<string>();
  /** In place of what a function answers. */
  answer: InvocationAnswer | undefined;
  /** The same of one function alone, by its feature. */
  readonly answerOf = new Map<string | undefined, InvocationAnswer>();
  /** In place of every answer of AWS. */
  refusal: ServiceError | undefined;
  /** By stack; a stack that is not in it is not deployed. */
  stacks: Record<string, Record<string, string>> = {};
  served = new Map<string, readonly string[]>();
  spend: CalculatedSpend = { kind: 'missing' };
  /** By budget. */
  spendOf: (budget: string) => CalculatedSpend = () => this.spend;
  bootstrapped = true;
  concurrencyLimit = 1000;
  /** Callers of dev with the in-path plugin. */
  readonly callers = new LedgerProcesses(usd(100), new Date(NOW).toISOString());
  callersRefusal: ServiceError | undefined;
  principals: AccountPrincipal[] | ServiceError = [];
  /** Secrets of channels, by the service that keeps them. */
  readonly parameters = new FakeSecrets();
  readonly storedSecrets = new FakeSecrets();
  readonly channelStates = new FakeDeliveries();
  isLocalAws = false;
  /** Addresses of names that the resolver knows. */
  readonly hosts = new Map<string, readonly string[] | Error>();
  readonly sesSetup = new FakeSesSetup();
  readonly htmlMail = new FakeHtmlMail();
  readonly logGroups = new FakeLogGroups();
  readonly invocationLogging = new FakeInvocationLogging();
  /** Of environments that have a stack somewhere in the account. */
  readonly switches = new Set([ENV.SWITCH_ARN]);
  slept = 0;
  /** What happens while the command waits. */
  whileSleeping: () => void = () => undefined;

  /** What happens while a person thinks. */
  whileAsked: () => void = () => undefined;

  /** When somebody ends a command that goes on; what it said by then is its argument. */
  stopAsked: (stdout: string) => Promise<void> = async () => {};

  constructor() {
    this.lambda.nowMs = NOW;
    this.lambda.concurrency.deploy(target(), 5);
  }

  async run(...args: string[]) {
    let stdout = '';
    let stderr = '';
    const outside: Outside = {
      terminal: {
        stdout: (text) => (stdout += text),
        stderr: (text) => (stderr += text),
        stdoutIsTerminal: this.isTerminal,
        stderrIsTerminal: this.isTerminal,
        noColor: this.noColor,
      },
      ask: async (question) => {
        this.asked.push(question);
        return this.answers.shift();
      },
      reply: async (question) => {
        this.asked.push(question);
        this.whileAsked();
        const answer = this.answers.shift();
        if (answer === undefined) return { kind: 'nobody' };
        return answer === BREAKS_OFF ? { kind: 'brokenOff' } : { kind: 'typed', text: answer };
      },
      user: 'ana',
      node: this.node,
      now: () => this.now,
      stopAsked: () => new Promise((resolve) => setImmediate(() => void this.stopAsked(stdout).then(resolve))),
      services: async (environment) => {
        this.regions.push(environment.region);
        return this.around(this.services());
      },
    };
    const exitCode = await main(args, outside);
    const json = () => JSON.parse(stdout) as Answer;
    return { exitCode, stdout, stderr, json };
  }

  private services(): Services {
    const { health, lambda } = this;
    const refused = async <T>(work: () => Promise<T>): Promise<T> => {
      if (this.refusal) throw this.refusal;
      return work();
    };
    return {
      guard: {
        functions: (environment) =>
          refused(async () => this.deployed.filter(({ name }) => name.startsWith(`SpendGuard-${environment}-`))),
        functionOf: (environment, feature) =>
          refused(async () => {
            if (this.denied.has(feature)) throw NOT_ALLOWED;
            const ofStack = this.deployed.filter(({ name }) => name.startsWith(`SpendGuard-${environment}-`));
            return ofStack.find((one) => one.feature === feature);
          }),
        invoke: (name, event) => refused(() => this.invoke(name, event)),
      },
      identity: { whoAmI: (signal) => refused(() => health.aws.identity.whoAmI(signal)) },
      accessKeys: {
        keysOf: (user, signal) => refused(() => health.aws.accessKeys.keysOf(user, signal)),
        lastUse: (key, signal) => refused(() => health.aws.accessKeys.lastUse(key, signal)),
      },
      account: {
        bootstrapped: async () => this.bootstrapped,
        concurrencyLimit: async () => this.concurrencyLimit,
        principals: async () => {
          if (this.principals instanceof ServiceError) throw this.principals;
          return this.principals;
        },
      },
      catalog: health.aws.catalog,
      profiles: {
        list: async () => {
          if (this.profilesRefusal) throw this.profilesRefusal;
          return this.profiles;
        },
      },
      usageMetrics: this.usage,
      costTags: { tagStatus: async (key) => this.tagOf(key) },
      policyRoom: health.aws.policyRoom,
      permissionSetRoles: health.aws.permissionSetRoles,
      switchVersions: (policyArn) => ({
        list: async () => {
          if (policyArn === METER_SWITCH_ARN) return this.meter.switchVersions.list();
          return this.switches.has(policyArn) ? health.aws.switchVersions.list() : [];
        },
      }),
      quotas: health.aws.quotas,
      subscriptions: health.aws.topic,
      channelSecrets: {
        ssm: secretLooks(this.parameters, false),
        secretsmanager: secretLooks(this.storedSecrets, false),
      },
      channelStates: () => this.channelStates,
      hosts: {
        mayLoopback: this.isLocalAws,
        addresses: async (host) => {
          const found = this.hosts.get(host) ?? [];
          if (found instanceof Error) throw found;
          return found;
        },
      },
      sesSetup: this.sesSetup,
      htmlMail: this.htmlMail,
      logGroups: this.logGroups,
      invocationLogging: this.invocationLogging,
      stackOutputs: { outputs: (stack) => refused(async () => this.stacks[stack]) },
      localModels: new FakeLocalModels(this.served),
      spend: () => ({ calculated: async (budget) => this.spendOf(budget) }),
      mail: () => this.mail,
      sessions: () => lambda.sessions,
      meterState: () => this.meter.state,
      callersBudget: (table, environment) => {
        const documents = this.callers.table.documents;
        return {
          sharedBudget: (period, budget = ENVIRONMENT_BUDGET) =>
            refused(async () => {
              if (this.callersRefusal) throw this.callersRefusal;
              const item = this.callers.table.get(budgetKey(environment, budget, period), BUDGET_SORT_KEY);
              return item && readSharedBudget(item);
            }),
          sharedBudgets: (asked) =>
            refused(async () => {
              if (this.callersRefusal) throw this.callersRefusal;
              return asked.map(({ path, period }) =>
                readingOf(this.callers.table.get(budgetKey(environment, path, period), BUDGET_SORT_KEY)),
              );
            }),
          ...sharedBudgetRelease(table, environment, documents),
        };
      },
      callerKeys: (tables) => {
        const keys = callerKeys(tables, this.callers.table.documents);
        return {
          add: (caller) => refused(() => keys.add(caller)),
          list: () => refused(() => keys.list()),
          revoke: (...args) => refused(() => keys.revoke(...args)),
        };
      },
      concurrency: () => lambda.deps(),
      verify: this.verify.services,
      pace: { elapsedMs: () => 0, timeout: () => NEVER },
      sleep: async (ms) => {
        this.slept += ms;
        this.now += ms;
        lambda.nowMs = this.now;
        this.verify.moved();
        this.whileSleeping();
      },
    };
  }

  private async invoke(name: string, event: unknown): Promise<InvocationAnswer> {
    this.invoked.push({ name, event });
    if (this.answer) return this.answer;
    const env = {
      ENVIRONMENT: 'dev',
      STATE_TABLE_NAME: TABLE,
      AWS_REGION: 'us-east-1',
      ALERT_TOPIC_ARN: ENV.ALERT_TOPIC_ARN,
      DASHBOARD: 'false' as const,
      MANAGED_FUNCTIONS: [managed()],
    };
    const feature = this.deployed.find((one) => one.name === name)?.feature;
    const scripted = this.answerOf.get(feature);
    if (scripted) return scripted;
    this.organization.now = this.now;
    const value =
      feature === 'health-check'
        ? await this.health.run(event)
        : feature === 'cost-check'
          ? await this.costs.handler(event)
          : feature === 'spend-meter'
            ? await this.tick(event)
            : feature === 'organization-report'
              ? await this.organization.report(event)
              : feature === 'organization-brake'
                ? await this.organization.brake(event)
                : await autoStop(this.lambda.deps(), env)(event);
    return { kind: 'returned', value: JSON.parse(JSON.stringify(value)) as unknown };
  }

  private tick(event: unknown): Promise<unknown> {
    this.meter.now = this.now;
    return this.meter.tick(event);
  }
}

function healthVariables(): Record<string, string> {
  return {
    ALERT_TOPIC_ARN: ENV.ALERT_TOPIC_ARN,
    STATE_TABLE_NAME: TABLE,
    INVOKER_ROLE_ARN: ENV.INVOKER_ROLE_ARN,
    ...{ SWITCH_ARN: ENV.SWITCH_ARN, DENY_BILL_ARN: ENV.DENY_BILL_ARN },
    ACCOUNT_ID: ACCOUNT,
  };
}

export const NOT_ALLOWED = new ServiceError('accessDenied', 'AccessDeniedException', 'no identity-based policy', 403);

/** What the SDK throws where nobody is signed in. */
export const NO_CREDENTIALS = new ServiceError('unavailable', 'CredentialsProviderError', 'Could not load credentials');

/** dev has run its meter for a while and spent so many dollars, hours ago. */
export async function spent(dollars: number): Promise<CliWorld> {
  const world = new CliWorld();
  world.meter.spend(0);
  await world.meter.run(2);
  world.meter.spend(dollars);
  world.meter.now += 3 * HOUR_MS;
  await world.meter.run(7);
  world.now = world.meter.now;
  return world;
}
