import type { CompleteClientConfig } from '../core/in-path';
import type { NanoUsd } from '../core/money';
import type { GuardStatus } from '../core/ledger';
import {
  type BudgetNode,
  budgetName,
  type BudgetPath,
  type BudgetPeriod,
  ENVIRONMENT_BUDGET,
  type PeriodKey,
} from '../core/shared-budgets';
import { nearest } from './nearest';
import { SpendGuardRefused } from './refusal';

/** For all calls of the process that name none themselves, and whose guard is given none. */
const VARIABLE = 'SPEND_GUARD_BUDGET';

/** The budgets that the client config has. The environment's own is `undefined` from here on, however it was named. */
export class Budgets {
  private readonly nodes: ReadonlyMap<BudgetPath, BudgetNode>;

  constructor(private readonly config: Pick<CompleteClientConfig, 'environment' | 'limit' | 'budgets'>) {
    this.nodes = new Map((config.budgets ?? []).map((node) => [node.path, node]));
  }

  /**
   * What a guard's calls are charged to: by its option, else by the environment variable.
   * @throws TypeError on one that there is not
   */
  ofGuard(option: BudgetPath | undefined): BudgetPath | undefined {
    if (option !== undefined) return this.ofOption(option, 'the option `budget`');
    const { [VARIABLE]: variable } = process.env;
    return variable === undefined ? undefined : this.ofOption(variable, VARIABLE);
  }

  /** @throws TypeError on one that there is not */
  ofOption(budget: BudgetPath, source: string): BudgetPath | undefined {
    if (this.has(budget)) return withoutRoot(budget);
    throw new TypeError(`${source}: ${this.lacks(budget)}`);
  }

  /** What one call names. @throws SpendGuardRefused UNKNOWN_BUDGET */
  ofCall(budget: BudgetPath): BudgetPath | undefined {
    if (this.has(budget)) return withoutRoot(budget);
    throw new SpendGuardRefused({ code: 'UNKNOWN_BUDGET', message: this.lacks(budget) });
  }

  /** As configured: orders are the ledger's to know. */
  configured(budget: BudgetPath): { readonly limit: NanoUsd; readonly period: BudgetPeriod } {
    return this.nodes.get(budget) ?? { limit: this.config.limit, period: 'month' };
  }

  /** Undefined where the deployed guard knows all of them. @param word absent: it knows none */
  unknownTo(word: GuardStatus['budgets']): string | undefined {
    const unknown = [...this.nodes.keys()].filter((path) => !word || !Object.hasOwn(word.limits, path));
    if (unknown.length === 0) return undefined;
    const { environment } = this.config;
    return (
      `the deployed guard of ${environment} does not know ${quoted(unknown)} of this client config: calls are held to the ` +
      `limits that stand there, and no order changes them. Deploy, or write the config anew ` +
      `(\`spend-guard client-config --env ${environment}\`).`
    );
  }

  private has(budget: unknown): boolean {
    return budget === ENVIRONMENT_BUDGET || this.nodes.has(budget as BudgetPath);
  }

  private lacks(budget: unknown): string {
    const { environment } = this.config;
    const names = [...this.nodes.keys()];
    const near = nearest(String(budget), names);
    const instead =
      near === undefined ? 'it has none within its own' : `did you mean '${near}'? It has ${quoted(names)}`;
    return (
      `the client config of ${environment} has no budget '${String(budget)}': ${instead}. What was deployed since is in a ` +
      `config that is written anew (\`spend-guard client-config --env ${environment}\`).`
    );
  }
}

/** For people: nobody but the guard's own writers has to do with the items of budgets. */
export function lost(budget: BudgetPath, period: PeriodKey): string {
  return (
    `the item of ${budgetName(budget)} for ${period} is gone from the leases table, and was opened again with what this process ` +
    'knows to be spent of it: what others spent is missing there. See who deletes from that table.'
  );
}

function withoutRoot(budget: BudgetPath): BudgetPath | undefined {
  return budget === ENVIRONMENT_BUDGET ? undefined : budget;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
