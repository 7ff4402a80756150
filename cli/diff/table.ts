import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What matters of a type to who may do what. */
export interface TypeFacts {
  /**
   * `grants`: one more gives somebody something. `restricts`: one less does. `access`: it is about access in all that it
   * says, so what is not known of it is not judged.
   */
  readonly is?: readonly ('grants' | 'restricts' | 'access')[];
  /** It holds data, which its deletion loses. */
  readonly stateful?: true;
  /** The property that is its name in ARNs. */
  readonly name?: string;
  /** By path, list places left out: the kind, and what `true` means: `+` opens, `-` closes. */
  readonly properties?: Readonly<Record<string, string>>;
}

let table: Readonly<Record<string, TypeFacts>> | undefined;

/**
 * What CloudFormation's schemas say of a type, by scripts/security-table.ts.
 * @returns undefined for a type that they do not hold, such as a custom resource's
 */
export function factsOf(type: string): TypeFacts | undefined {
  table ??= (
    JSON.parse(readFileSync(path.join(__dirname, 'security-table.json'), 'utf8')) as {
      types: Readonly<Record<string, TypeFacts>>;
    }
  ).types;
  return table[type];
}
