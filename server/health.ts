import type { BudgetPath } from '../core/shared-budgets';
import { refusalIn } from '../client/index';
import type { CallerOf } from './callers';
import { refusal, type Refusal } from './answers';
import type { KnownBudgets } from './known-budgets';
import { OPEN_METRICS, openMetrics } from './metrics';
import type { Observed } from './observed';

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface PagesOf {
  readonly environment: string;
  readonly budgets: readonly BudgetPath[];
  readonly observed: Observed;
  readonly known: KnownBudgets;
}

const JSON_TYPE = 'application/json';
const NOT_TOLD = 503;

/** What the server says of itself: no prompt, no key and nobody's name is in it. */
export class Pages {
  constructor(private readonly parts: PagesOf) {}

  /** A load balancer has no key: what it need not know is for whoever has one. */
  healthz(stopping: boolean, isKnown: boolean): Page {
    const status = stopping ? 'stopping' : 'ready';
    const more = isKnown ? { environment: this.parts.environment, table: this.parts.observed.table } : {};
    return { status: stopping ? NOT_TOLD : 200, type: JSON_TYPE, text: JSON.stringify({ status, ...more }) };
  }

  async metrics(): Promise<Page> {
    const { observed, known, budgets } = this.parts;
    const figures = await known.all(budgets).catch(() => undefined);
    return { status: 200, type: OPEN_METRICS, text: openMetrics(observed, figures) };
  }

  /** Of the caller's own budget and all that it is within; a caller without a key may name one. */
  async budget(caller: CallerOf | undefined, named: string | undefined): Promise<Page | Refusal> {
    const { environment, known, observed } = this.parts;
    if (caller && named !== undefined && named !== caller.budget)
      return refusal(
        403,
        'AccessDeniedException',
        'OTHER_BUDGET',
        'a key sees the budget that it draws on, and what that is within.',
      );
    try {
      const budgets = await known.of(caller?.budget ?? named);
      observed.table = 'reachable';
      return { status: 200, type: JSON_TYPE, text: JSON.stringify({ environment, budgets }) };
    } catch (error) {
      const refused = refusalIn(error);
      if (!refused) throw error;
      const { code, message } = refused;
      const text = message.slice(`${code}: `.length);
      if (code === 'UNKNOWN_BUDGET') return refusal(404, 'ResourceNotFoundException', code, text);
      observed.table = 'away';
      return refusal(NOT_TOLD, 'ServiceUnavailableException', code, text);
    }
  }
}
