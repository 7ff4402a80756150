import type { PolicyVersionWriterPort } from '../../core/enforcement/ports';

/** A run that stopped in its middle: its process is gone, and with it whatever would have come next. */
export class Crash extends Error {}

export interface Life {
  /** Side effects after which it ends; endless without. */
  readonly effects?: number;
  /** Whether the last one still reaches AWS. */
  readonly lastIsDone?: boolean;
}

export interface Spend {
  /** Makes a side effect when it is its turn, unless the run has ended by then. @throws Crash */
  <T>(what: string, make: () => Promise<T>): Promise<T>;
  isOver(): boolean;
}

/** @param turn resolves when the request is on */
export function lifeOf(
  { effects = Number.POSITIVE_INFINITY, lastIsDone = false }: Life,
  turn: (what: string) => Promise<unknown>,
): Spend {
  let left = effects;
  const spend = async <T>(what: string, make: () => Promise<T>): Promise<T> => {
    await turn(what);
    left -= 1;
    if (left >= 0) return make();
    if (left === -1 && lastIsDone) await make();
    throw new Crash();
  };
  return Object.assign(spend, { isOver: () => left < 0 });
}

/** A port as one run sees it, which may crash at any side effect, before or after it. */
export function seenByRun(
  port: PolicyVersionWriterPort,
  turn: (what: string) => Promise<unknown>,
  life: Life = {},
): PolicyVersionWriterPort {
  const spend = lifeOf(life, turn);
  return {
    async list() {
      await turn('list');
      return port.list();
    },
    setDefault: (id) => spend(`setDefault ${id}`, () => port.setDefault(id)),
    create: (document) => spend('create', () => port.create(document)),
    remove: (id) => spend(`remove ${id}`, () => port.remove(id)),
  };
}
