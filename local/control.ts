import { LocalError } from './errors';

/** An e-mail that an SNS subscription, a budget's own subscriber, or a recipient of SES was sent. */
export interface Mail {
  readonly to: string;
  /** Its ARN, or 'AWS Budgets', or 'Amazon SES'. */
  readonly topic: string;
  readonly subject: string;
  readonly message: string;
  /** By SES alone, as is the sender. */
  readonly html?: string;
  readonly from?: string;
  /** What was published beside it. A subscription by mail is not sent them: they stand here for tests. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a topic told a channel in a chat, by Amazon Q. */
export interface ChatMessage {
  /** ARN of what Amazon Q was told of the channel. */
  readonly configuration: string;
  readonly topic: string;
  readonly message: string;
  /** Why nobody has seen it: it is no custom notification. */
  readonly dropped?: string;
}

/** One action by one principal on one resource with one set of condition keys, as it was authorised; counted since the start or the last clearing. */
export interface Use {
  /** Role ARN `arn:aws:iam::…:role/…` of a service that acts itself, else the session's ARN. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** What the request carried for conditions, by condition key, as far as the guard's policies ask for it. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly count: number;
}

export interface FaultRule {
  /** IAM's name of it, such as `iam:AttachRolePolicy`. Converse is `bedrock:InvokeModel`. */
  readonly action: string;
  /** `timeout`: the call is done, and the function that made it is ended at once, as by its own time-out. */
  readonly kind: 'throttle' | 'error' | 'timeout';
  /** Calls that fail, @default 1 */
  readonly count?: number;
  /** Calls let by before, @default 0 */
  readonly after?: number;
  /** Part of the name of the function that calls. @default - whoever calls */
  readonly by?: string;
}

/** A metric value of the past, visible at once. */
export interface MetricPoint {
  readonly namespace: string;
  readonly metric: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch seconds. */
  readonly at: number;
}

export interface MetricSettings {
  /** How long after a call its metrics can be read; for calls from now on. */
  readonly delaySeconds: number;
  /** How long after its first point, ever or in two weeks, ListMetrics shows a series; read by its name it is at once. AWS: up to 900. */
  readonly listDelaySeconds: number;
  /** Of every series from now on, as where CloudWatch is in trouble; '' for what is true. */
  readonly statusCode: '' | 'InternalError' | 'PartialData' | 'Forbidden';
  readonly listPage: number;
  readonly pointsPage: number;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
}

/** A line of the bill: what one usage type of a service cost on a UTC day, with the value of the billing tag. */
export interface BillLine {
  readonly day: string;
  readonly tag: string;
  /** Value of the tag of the IAM principal that called, @default - it has none */
  readonly principalTag?: string;
  readonly service: string;
  readonly usageType: string;
  readonly usd: number;
}

export type CostExplorerScript =
  /** Added up as it is asked; filters are not looked at. */
  | { readonly rows: readonly BillLine[]; readonly tags?: readonly unknown[] }
  | { readonly results: readonly unknown[]; readonly tags?: readonly unknown[] }
  | { readonly error: { readonly code: string; readonly message?: string } };

export interface ServiceQuota {
  readonly QuotaName: string;
  readonly Value: number;
}

/** A permission set of IAM Identity Center, as it is provisioned into the account. */
export interface PermissionSet {
  /** 1 to 32 characters. */
  readonly name: string;
  /** References to policies that must be in the account. @default - none; @default path - '/' */
  readonly customerManagedPolicies?: readonly { readonly name: string; readonly path?: string }[];
  /** A policy document, JSON. @default - none */
  readonly inlinePolicy?: string;
  /** Home of Identity Center, part of the role's path unless it is us-east-1. @default us-east-1 */
  readonly region?: string;
}

/**
 * A schedule whose role may not call its target, or does not trust Scheduler; a function whose role may not send what it gave
 * up to its queue; a topic that refuses AWS Budgets; a rule (its ARN) whose event does not reach the bus of another account.
 */
export type Undelivered =
  | { readonly schedule: string; readonly role: string; readonly target: string }
  | { readonly function: string; readonly role: string; readonly target: string }
  | { readonly budget: string; readonly topic: string }
  | { readonly rule: string; readonly role: string | null; readonly target: string; readonly why: string };

/** Client of the emulator's control endpoints under `/_plus/`. Every method @throws CONTROL_REFUSED */
export class Control {
  /** @param account whose, @default - that of the emulator's administrator */
  constructor(
    private readonly endpoint: string,
    private readonly account?: string,
  ) {}

  /** The same for another account. Points, usage and budgets are each account's own; what is read here is of all of them. */
  inAccount(account: string): Control {
    return new Control(this.endpoint, account);
  }

  /** What SNS e-mail subscriptions were sent, oldest first. */
  mails(): Promise<readonly Mail[]> {
    return this.get('mails');
  }

  clearMails(): Promise<void> {
    return this.order('DELETE', 'mails');
  }

  /** What channels in chats were told, oldest first, and what they would have dropped. */
  chats(): Promise<readonly ChatMessage[]> {
    return this.get('chats');
  }

  uses(): Promise<readonly Use[]> {
    return this.get('uses');
  }

  clearUses(): Promise<void> {
    return this.order('DELETE', 'uses');
  }

  readonly faults = {
    inject: (rule: FaultRule): Promise<void> => this.order('POST', 'faults', rule),
    /** With how often each has struck. */
    list: (): Promise<readonly (FaultRule & { readonly fired: number })[]> => this.get('faults'),
    clear: (): Promise<void> => this.order('DELETE', 'faults'),
  };

  undelivered(): Promise<readonly Undelivered[]> {
    return this.get('undelivered');
  }

  setMetrics(settings: Partial<MetricSettings>): Promise<void> {
    return this.order('POST', 'metrics', settings);
  }

  /** Whether queries of Logs Insights run for ever. */
  setInsights(settings: { readonly running: boolean }): Promise<void> {
    return this.order('POST', 'insights', settings);
  }

  points(points: readonly MetricPoint[]): Promise<void> {
    return this.order('POST', 'points', points);
  }

  /** Token counts of each call from now on, by model id or profile ARN as it is called. */
  usage(byModel: Readonly<Record<string, TokenUsage>>): Promise<void> {
    return this.order('POST', 'usage', byModel);
  }

  /** Which models are Legacy from now on, and whether a profile can be made of each: AWS does not say. Calls of them are refused. */
  legacyModels(byModel: Readonly<Record<string, { readonly profiles: boolean }>>): Promise<void> {
    return this.order('POST', 'legacy', byModel);
  }

  /** How long each event of a model's stream takes, @default 0 */
  streams(eventSeconds: number): Promise<void> {
    return this.order('POST', 'streams', { eventSeconds });
  }

  costExplorer(script: CostExplorerScript): Promise<void> {
    return this.order('POST', 'ce', script);
  }

  quotas(quotas: readonly ServiceQuota[]): Promise<void> {
    return this.order('POST', 'quotas', quotas);
  }

  /**
   * What AWS Budgets has calculated for the budget's period; zero until it is told. It does what AWS does then: alerts
   * whose threshold is crossed go out once, by e-mail and to the topic, and actions whose line is reached run or wait.
   */
  spend(budget: string, usd: number): Promise<void> {
    return this.order('POST', 'spend', { budget, usd });
  }

  /** Whether the owner of an address has confirmed its SNS subscriptions, as all have at first: else no mail reaches it. */
  subscriber(address: string, confirmed: boolean): Promise<void> {
    return this.order('POST', 'subscriber', { address, confirmed });
  }

  /** How long Lambda takes to allocate provisioned concurrency, @default 1 s */
  readyAfter(seconds: number): Promise<void> {
    return this.order('POST', 'concurrency', { readyAfterSeconds: seconds });
  }

  /** The actions of a budget alone, as if it had crossed their line: the automatic ones run, under their own role. */
  cross(budget: string): Promise<void> {
    return this.order('POST', 'cross', { budget });
  }

  /** Every enabled schedule now, whatever its expression says. Returns before the functions have ended. */
  fire(): Promise<void> {
    return this.order('POST', 'fire', {});
  }

  /** What an administrator does in the management account: nobody in this one can. */
  readonly identityCenter = {
    /**
     * Makes or changes the role of a permission set. Again it does to the role what ProvisionPermissionSet does: its policies
     * are then those of this call.
     * @throws CONTROL_REFUSED where a policy is not in the account under just this name and path; nothing has changed then
     */
    provision: (set: PermissionSet): Promise<{ readonly roleName: string; readonly roleArn: string }> =>
      this.ask('permission-set', set),
    /** Its last assignment in the account is gone, and the role with it; made again, the role has another name. */
    remove: (name: string): Promise<void> => this.order('POST', 'permission-set-gone', { name }),
    /** Credentials of somebody who has it; STS refuses them, as these roles trust Identity Center alone. */
    signIn: (
      name: string,
      user: string,
    ): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string }> =>
      this.ask('sign-in', { name, user }),
  };

  private url(name: string): string {
    return `${this.endpoint}/_plus/${name}${this.account === undefined ? '' : `?account=${this.account}`}`;
  }

  private async get<T>(name: string): Promise<T> {
    const response = await fetch(this.url(name));
    return (await answered(response)) as T;
  }

  private async order(method: 'POST' | 'DELETE', name: string, body?: unknown): Promise<void> {
    await this.send(method, name, body);
  }

  private async ask<T>(name: string, body: unknown): Promise<T> {
    return (await this.send('POST', name, body)) as T;
  }

  private async send(method: 'POST' | 'DELETE', name: string, body?: unknown): Promise<unknown> {
    return answered(
      await fetch(this.url(name), {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }
}

async function answered(response: Response): Promise<unknown> {
  const body = await response.text();
  if (!response.ok) throw new LocalError('CONTROL_REFUSED', `${response.url}: ${response.status} ${body}`);
  return JSON.parse(body);
}
