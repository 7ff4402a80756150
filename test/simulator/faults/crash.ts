/** A run that died between two side effects, as by a time-out. */
export class Crash extends Error {}

/** Every port, dying at one call, before or after it is done. */
export class MortalPorts {
  private calls = 0;
  private isDead = false;
  /** The call of a run at which it dies; or the port that it dies behind, once that has done something: a window that chance seldom hits. */
  crashAt: number | { readonly behind: string } | undefined;

  /** For one run: its calls are counted from zero. */
  of<Ports extends object>(ports: Ports): Ports {
    this.calls = 0;
    this.isDead = false;
    const { crashAt } = this;
    if (crashAt === undefined) return ports;
    const proxied = Object.entries(ports).map(([name, port]) => [
      name,
      new Proxy(port as object, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== 'function' || name === 'metrics') return value;
          return async (...args: unknown[]) => {
            this.calls += 1;
            const dies = typeof crashAt === 'number' ? this.calls === crashAt : name === crashAt.behind;
            if (dies && typeof crashAt === 'number' && this.calls % 2 === 0) this.isDead = true;
            if (this.isDead) throw new Crash('before');
            const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, args);
            if (dies) this.isDead = true;
            if (this.isDead) throw new Crash('after');
            return result;
          };
        },
      }),
    ]);
    return Object.fromEntries(proxied) as Ports;
  }
}
