/** What `package-lock.json` says of a place in `node_modules`. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  /** Of what only tests and builds need. */
  readonly dev?: boolean;
  /** Of what only some machines install. */
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  /** Of what ships inside another package's archive. */
  readonly inBundle?: boolean;
}

export interface Lock {
  /** By place, the project itself at ''. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** `node_modules/a/node_modules/@b/c` → `@b/c` */
export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** What is installed beside the project where tests and builds are left out, by place. */
export function shipped(lock: Lock): readonly (readonly [place: string, entry: LockedPackage])[] {
  return Object.entries(lock.packages).filter(([place, { dev }]) => place !== '' && dev !== true);
}
