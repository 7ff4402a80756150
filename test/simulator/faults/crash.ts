/** A run that died between two side effects, as by a time-out. */
export class Crash extends Error {}

/** Every port, dying at one call, before or after it is done. */
export class MortalPorts {
  private calls = 0;
  /** The call of a run at which it dies. */
  crashAt: number | undefined;

  /** For one run: its calls are counted from zero. */
  of<Ports extends object>(ports: Ports): Ports {
    this.calls = 0;
    if (this.crashAt === undefined) return ports;
    const proxied = Object.entries(ports).map(([name, port]) => [
      name,
      new Proxy(port as object, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== 'function' || name === 'metrics') return value;
          return async (...args: unknown[]) => {
            this.calls += 1;
            const dies = this.calls === this.crashAt;
            if (dies && this.calls % 2 === 0) throw new Crash('before');
            const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, args);
            if (dies || this.calls > (this.crashAt ?? Number.POSITIVE_INFINITY)) throw new Crash('after');
            return result;
          };
        },
      }),
    ]);
    return Object.fromEntries(proxied) as Ports;
  }
}
