import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copyrightsIn, legalTextsOf, type LegalTexts } from './licences';
import { nameAt, shipped, type Lock, type LockedPackage } from './lock';

const ROOT = path.resolve(__dirname, '..');

const HEAD = `bedrock-spend-guard
Copyright The bedrock-spend-guard contributors

Licensed under the Apache License, Version 2.0: see LICENSE.

The packages that it needs, installed beside it or part of what is built, each under its own licence. Made from package-lock.json by
\`npm run notice\`.
`;

/**
 * The text of `NOTICE`: every package that is installed where tests and builds are left out, with version, licence and holders of
 * copyright, and what Apache's licence asks to pass on.
 * @param textsAt what the package at a place of the lock file ships
 */
export function notice(lock: Lock, textsAt: (place: string) => LegalTexts): string {
  const packages = new Map(shipped(lock).map(([place, entry]) => [titleOf(place, entry), { place, entry }]));
  const sorted = [...packages].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const told = sorted.map(([title, { place, entry }]) => {
    // What one machine installs another does not have, and must say the same.
    const texts = entry.os || entry.cpu ? { licence: undefined, notice: undefined } : textsAt(place);
    return { title, holders: copyrightsIn(texts.licence ?? ''), passedOn: texts.notice };
  });
  return [
    HEAD,
    ...told.map(({ title, holders }) => [title, ...holders.map((line) => `    ${line}`)].join('\n')),
    ...told.flatMap(({ title, passedOn }) =>
      passedOn === undefined ? [] : [`\nNOTICE of ${title}\n\n${passedOn.trim()}`],
    ),
    '',
  ].join('\n');
}

function titleOf(place: string, { version, license }: LockedPackage): string {
  return `${nameAt(place)} ${version ?? 'of no version'}, ${license ?? 'licence unknown'}`;
}

/** Of what is installed here. */
export function noticeHere(): string {
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  return notice(lock, (place) => legalTextsOf(path.join(ROOT, place)));
}

if (require.main === module) writeFileSync(path.join(ROOT, 'NOTICE'), noticeHere());
