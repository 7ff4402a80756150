import { KINDS } from './schedule';

/** How often each kind of fault has struck, and how often that has changed what came of the run. */
export class Tally {
  private readonly counts = new Map(KINDS.map((kind) => [kind, { struck: 0, changed: 0 }]));

  count(kind: string, changed: boolean): void {
    const found = this.counts.get(kind);
    if (!found) throw new Error(`no kind of fault '${kind}'`);
    found.struck += 1;
    if (changed) found.changed += 1;
  }

  /** Kinds that never struck, or that nobody would have noticed. */
  silent(): readonly string[] {
    return [...this.counts].flatMap(([kind, { struck, changed }]) => (struck === 0 || changed === 0 ? [kind] : []));
  }

  table(): string {
    const rows = [...this.counts].map(
      ([kind, { struck, changed }]) =>
        `${kind.padEnd(38)} ${String(struck).padStart(6)} ${String(changed).padStart(7)}`,
    );
    return [`${'fault'.padEnd(38)} struck changed`, ...rows].join('\n');
  }
}
