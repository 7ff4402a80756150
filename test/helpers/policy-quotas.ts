import type { Template } from 'aws-cdk-lib/assertions';
import {
  MAX_ATTACHED_POLICIES,
  MAX_INLINE_CHARACTERS,
  MAX_POLICY_CHARACTERS,
  policyCharacters,
} from '../../lib/policy-size';
import { resourcesOf } from './stack';

interface Sizes {
  /** Characters of its inline policies together. */
  inline: number;
  /** Of each managed policy that the template attaches to it. */
  readonly managed: number[];
}

export function policySizesOf(template: Template): ReadonlyMap<string, Sizes> {
  const sizes = new Map<string, Sizes>();
  for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']) {
    for (const { Properties } of Object.values(resourcesOf(template, type))) {
      for (const { Ref } of (Properties['Roles'] ?? []) as readonly { Ref: string }[]) {
        const one = sizes.get(Ref) ?? { inline: 0, managed: [] };
        const characters = policyCharacters(Properties['PolicyDocument']);
        if (type === 'AWS::IAM::Policy') one.inline += characters;
        else one.managed.push(characters);
        sizes.set(Ref, one);
      }
    }
  }
  return sizes;
}

export const isTooLarge = ({ inline, managed }: Sizes): boolean =>
  inline > MAX_INLINE_CHARACTERS ||
  managed.length > MAX_ATTACHED_POLICIES ||
  managed.some((size) => size > MAX_POLICY_CHARACTERS);
