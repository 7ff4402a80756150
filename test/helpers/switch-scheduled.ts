import type { PolicyVersionWriterPort } from '../../core/ports/policy-versions';

/** A run that stopped in its middle: its process is gone, and with it whatever would have come next. */
export class Crash extends Error {}

export interface Life {
  /** Side effects after which it ends; endless without. */
  readonly effects?: number;
  /** Whether the last one still reaches AWS. */
  readonly lastIsDone?: boolean;
}

/**
 * A port as one run sees it: each request waits for its turn, and the run may crash at any side effect, before or after it.
 * @param turn resolves when the request is on
 */
export function seenByRun(
  port: PolicyVersionWriterPort,
  turn: (what: string) => Promise<unknown>,
  { effects = Number.POSITIVE_INFINITY, lastIsDone = false }: Life = {},
): PolicyVersionWriterPort {
  let left = effects;
  const effect = async (what: string, make: () => Promise<void>) => {
    await turn(what);
    left -= 1;
    if (left >= 0) return make();
    if (left === -1 && lastIsDone) await make();
    throw new Crash();
  };
  return {
    async list() {
      await turn('list');
      return port.list();
    },
    setDefault: (id) => effect(`setDefault ${id}`, () => port.setDefault(id)),
    create: (document) => effect('create', () => port.create(document)),
    remove: (id) => effect(`remove ${id}`, () => port.remove(id)),
  };
}
