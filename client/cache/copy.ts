/** What a member of an object takes beside its value, about. */
const MEMBER_BYTES = 16;
const SHORT = 32;
const NONE: readonly string[] = [];

/** Copies of values as the SDK makes them, and how many bytes they take, about. */
export class Copier {
  bytes = 0;

  copy<T>(value: T): T {
    return this.any(value) as T;
  }

  /** An object without some of its members. */
  without(value: object, omitted: readonly string[]): Record<string, unknown> {
    const copied: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      if (omitted.includes(name)) continue;
      this.bytes += MEMBER_BYTES;
      copied[name] = this.any((value as Readonly<Record<string, unknown>>)[name]);
    }
    return copied;
  }

  private any(value: unknown): unknown {
    if (typeof value === 'string') {
      // Two bytes a character where one does not do; of a short text they are not worth the look.
      // eslint-disable-next-line no-control-regex
      this.bytes += value.length < SHORT || /[^\u0000-\u00ff]/.test(value) ? 2 * value.length : value.length;
      return value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      this.bytes += MEMBER_BYTES * value.length;
      return value.map((each) => this.any(each));
    }
    if (value instanceof Uint8Array) {
      this.bytes += value.length;
      return new Uint8Array(value);
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return structuredClone(value);
    return this.without(value, NONE);
  }
}

export function copyOf<T>(value: T): T {
  return new Copier().copy(value);
}
