import { Token } from 'aws-cdk-lib';
import type { Problem } from '../config';

/** In which the names and ARNs of an app's own resources are right, or are looked at by themselves (`namedResources`). */
const MAY_HAVE_TOKENS: ReadonlySet<string> = new Set(['principals', 'trustedBy', 'invocationLogs', 'reportIdentity']);

const WHY: Readonly<Record<string, string>> = {
  monthlyLimit: 'of it synth makes the lines at which people are told and models denied',
  accountWideLimit: 'of it synth makes the lines at which people are told',
  owner: "it is part of the budget's name, which must change with it",
  budgetOwner: "it is part of the budget's name, which must change with it",
  models: "synth finds each model's route and price by it",
  largeModels: "synth finds each model's route and price by it",
  environmentName: 'names of resources, tags and settings are made of it',
};

const WAY_OUT =
  'write the value itself, or deploy the template whose limit, address and mode are parameters of CloudFormation (docs/construct.md)';

/** Values that only a deployment knows, where synth must know them. */
export function tokenProblems(props: object): readonly Problem[] {
  return Object.entries(props).flatMap(([prop, value]: [string, unknown]) => {
    if (MAY_HAVE_TOKENS.has(prop)) return [];
    return placesOf(value)
      .filter(([, one]) => Token.isUnresolved(one))
      .map(([place]) => unknownAtSynth(`${prop}${place}`, WHY[prop] ?? 'synth checks it, and settings are made of it'));
  });
}

/** @param why synth must know it */
export function unknownAtSynth(path: string, why: string): Problem {
  return {
    path,
    text: `must be known at synth, got a token, which is known at deployment only: ${why}; ${WAY_OUT}`,
  };
}

/** A value and, of a list or an amount, what is in it. */
function placesOf(value: unknown): readonly (readonly [place: string, value: unknown])[] {
  if (Token.isUnresolved(value)) return [['', value]];
  if (Array.isArray(value)) return value.map((one: unknown, at) => [`[${at}]`, one]);
  if (typeof value !== 'object' || value === null) return [];
  const inside: readonly (readonly [string, unknown])[] = Object.entries(value);
  // An amount has one value, which nobody has written a name before.
  return inside.map(([key, one]) => [key === 'dollars' ? '' : `.${key}`, one]);
}
