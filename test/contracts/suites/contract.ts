/** Where AWS and the emulator part: the contract states what AWS does, and the emulator's run asserts that it does not. */
export interface Difference {
  readonly where: 'emulator';
  readonly reason: string;
  /** AWS's documentation, with the day it was read. */
  readonly source: string;
}

export function differs(where: Difference['where'], reason: string, source: string): Difference {
  return { where, reason, source };
}

/** Something that a port's callers rely on. */
export interface Case<Subject> {
  readonly name: string;
  /** Fails by `expect` alone: any other error is a broken test, also where the emulator differs. */
  readonly run: (subject: Subject) => Promise<void>;
  readonly differs?: Difference;
}

/** What a contract is held against. */
export interface Ground<Subject, Where extends 'fake' | 'emulator'> {
  readonly where: Where;
  /** For each case anew. */
  readonly make: () => Subject | Promise<Subject>;
  /** After each case, also a failed one. */
  readonly after?: () => void | Promise<void>;
}

/** Also an adapter over a table in memory: then it is the table that is held to it. */
export function onFake<Subject>(make: () => Subject | Promise<Subject>): Ground<Subject, 'fake'> {
  return { where: 'fake', make };
}

export function onEmulator<Subject>(
  make: () => Subject | Promise<Subject>,
  after?: () => void | Promise<void>,
): Ground<Subject, 'emulator'> {
  return { where: 'emulator', make, ...(after ? { after } : {}) };
}

export interface Contract<Subject, FakeOnly> {
  (describeName: string, ground: Ground<Subject & FakeOnly, 'fake'> | Ground<Subject, 'emulator'>): void;
  readonly port: string;
  readonly cases: readonly Case<Subject>[];
  /** Of fakes alone: neither emulator nor recorded answers can show them. Each has its row in docs/unproven.md. */
  readonly unproven: readonly Case<Subject & FakeOnly>[];
}

/** @param port its interface's name in words, without `Port` */
export function contract<Subject, FakeOnly = unknown>(
  port: string,
  cases: readonly Case<Subject>[],
  unproven: readonly Case<Subject & FakeOnly>[] = [],
): Contract<Subject, FakeOnly> {
  const hold: (...args: Parameters<Contract<Subject, FakeOnly>>) => void = (describeName, ground) => {
    describe(`${port}: ${describeName}`, () => {
      if (ground.after) afterEach(ground.after);
      for (const { name, run, differs: difference } of cases) {
        if (ground.where === 'emulator' && difference) {
          test(`${name} (the emulator differs: ${difference.reason})`, async () => {
            await expect(holds(run, await ground.make())).resolves.toBe(false);
          });
        } else {
          test(name, async () => run(await ground.make()));
        }
      }
      if (ground.where === 'emulator') return;
      for (const { name, run } of unproven) test(`unproven: ${name}`, async () => run(await ground.make()));
    });
  };
  return Object.assign(hold, { port, cases, unproven });
}

/** Whether a case holds. @throws what is no failed expectation */
export async function holds<Subject>(run: Case<Subject>['run'], subject: Subject): Promise<boolean> {
  try {
    await run(subject);
    return true;
  } catch (error) {
    if (error instanceof Error && error.constructor.name === 'JestAssertionError') return false;
    throw error;
  }
}
