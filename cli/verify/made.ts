import type { PolicyDocument } from '../../core/enforcement';
import { errorNameOf, ServiceError } from '../../core/errors';
import { isWaiting, KINDS, lastFour, type Kind, type Planned, resourceName, type StepId } from '../../core/verify';
import type { Services } from '../services';
import type { JournalFile } from './journal-file';
import { removeFrom, type AccountScope } from './remove';

/** Something that the run has made, and what has become of it. */
export interface MadeThing {
  readonly kind: Kind;
  readonly name: string;
  readonly step: StepId;
  readonly now: 'removed' | 'not there' | 'waits' | 'left';
  /** Why it is left. */
  readonly why?: string;
}

/** Makes what a step needs: each is in the journal before it is made, and gone when the step ends. */
export class Made {
  readonly things: MadeThing[] = [];

  constructor(
    private readonly services: Services,
    private readonly journal: JournalFile,
    private readonly scope: AccountScope & { readonly region: string; readonly runId: string },
  ) {}

  /** @param more tells several of a step apart @throws ServiceError */
  profile(step: StepId, source: string, more = ''): Promise<string> {
    const { region, runId } = this.scope;
    return this.make('profile', step, more, (name) =>
      this.services.verify.profiles.create(region, { name, source, runId }),
    );
  }

  /** A role that whoever of the account may assume roles can assume. @throws ServiceError */
  async role(step: StepId): Promise<{ readonly name: string; readonly arn: string }> {
    const { account, partition, runId } = this.scope;
    const trusts = `arn:${partition}:iam::${account}:root`;
    const arn = await this.make('role', step, '', (name) =>
      this.services.verify.roles.createRole({ name, trusts, runId }),
    );
    return { arn, name: resourceName(runId, step) };
  }

  /** @throws ServiceError */
  policy(step: StepId, document: PolicyDocument): Promise<string> {
    const { runId } = this.scope;
    return this.make('policy', step, '', (name) => this.services.verify.roles.createPolicy({ name, document, runId }));
  }

  /** Stays until a later run has read it. @returns its name @throws ServiceError */
  async budget(step: StepId, more: string, tag: { readonly key: string; readonly value: string }): Promise<string> {
    const { account, partition, runId } = this.scope;
    const budgets = this.services.verify.budgets({ account, partition });
    await this.make('budget', step, more, async (name) => {
      await budgets.create({ name, ...tag, runId });
      return undefined;
    });
    return resourceName(runId, step, more);
  }

  /** All that the step has made, but for what a later run reads. @throws what is a defect */
  async removeAll(step: StepId): Promise<void> {
    for (const one of this.own(step).toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))) {
      if (isWaiting(this.journal.content, one)) this.note(one, 'waits');
      else await this.remove(one);
    }
  }

  /** Also one of an earlier run. */
  async remove(one: Planned): Promise<void> {
    try {
      this.note(one, await removeFrom(this.services, this.scope, one));
      this.journal.removed(one);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.note(one, 'left', `${errorNameOf(error)}: ${error.text}`);
    }
  }

  private own(step: StepId): readonly Planned[] {
    const { runId } = this.scope;
    return this.journal.content.resources.filter((one) => one.runId === runId && one.step === step);
  }

  private async make<Arn extends string | undefined>(
    kind: Kind,
    step: StepId,
    more: string,
    create: (name: string) => Promise<Arn>,
  ): Promise<Arn> {
    const { runId, region, account } = this.scope;
    const name = resourceName(runId, step, more);
    const one: Planned = {
      runId,
      step,
      kind,
      name,
      region,
      account: lastFour(account),
      ...(kind === 'budget' ? { waits: true as const } : {}),
    };
    this.journal.planned(one);
    const arn = await create(name);
    if (arn !== undefined) this.journal.planned({ ...one, arn });
    return arn;
  }

  private note({ kind, name, step }: Planned, now: MadeThing['now'], why?: string): void {
    this.things.push({ kind, name, step, now, ...(why === undefined ? {} : { why }) });
  }
}
