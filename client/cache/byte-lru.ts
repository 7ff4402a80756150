export interface ByteLruOptions<Value> {
  /** Of all values together; those that were not used for longest go first. */
  readonly maxBytes: number;
  /** One of more is not taken, and takes away what had its key. */
  readonly maxEntryBytes: number;
  readonly now: () => number;
  /** Of each value that is no longer there. */
  readonly dispose: (value: Value) => void;
}

interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
  readonly until: number;
}

/** Values by how lately they were used, each for a limited time. The library for it would be a tenth of what the plugin may add to a bundle. */
export class ByteLru<Value> {
  /** A map keeps the order in which keys were set: the first was not used for longest. */
  private readonly entries = new Map<string, Entry<Value>>();
  private bytes = 0;

  constructor(private readonly options: ByteLruOptions<Value>) {}

  get(key: string): Value | undefined {
    const found = this.entries.get(key);
    if (!found) return undefined;
    if (this.options.now() > found.until) {
      this.drop(key, found);
      return undefined;
    }
    this.entries.delete(key);
    this.entries.set(key, found);
    return found.value;
  }

  /** @param until the last ms at which it is given; whether it was taken */
  set(key: string, value: Value, bytes: number, until: number): boolean {
    const before = this.entries.get(key);
    if (before) this.drop(key, before);
    const { maxBytes, maxEntryBytes } = this.options;
    if (bytes > maxEntryBytes) return false;
    this.entries.set(key, { value, bytes, until });
    this.bytes += bytes;
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= maxBytes) break;
      this.drop(oldest, entry);
    }
    return true;
  }

  private drop(key: string, { value, bytes }: Entry<Value>): void {
    this.entries.delete(key);
    this.bytes -= bytes;
    this.options.dispose(value);
  }
}
