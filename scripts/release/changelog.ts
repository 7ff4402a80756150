/** What https://keepachangelog.com/en/1.1.0/ groups changes by (read 2026-11-29). */
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

/** A version of the changelog, from its heading to the next. */
export interface Section {
  /** `undefined` of what is not released yet. */
  readonly version: string | undefined;
  readonly heading: string;
  /** Of the heading, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The sections of a changelog, newest first. */
export function sectionsOf(changelog: string): readonly Section[] {
  const sections: { heading: string; line: number; lines: string[] }[] = [];
  for (const [at, line] of changelog.split('\n').entries()) {
    if (line.startsWith('## ')) sections.push({ heading: line.slice('## '.length), line: at + 1, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ heading, line, lines }) => {
    return { heading, line, version: /^\S+(?= - )/.exec(heading)?.[0], text: lines.join('\n').trim() };
  });
}

/** Everything that keeps a text from being a changelog, a line each. */
export function changelogProblems(changelog: string): readonly string[] {
  const sections = sectionsOf(changelog);
  const [first, ...dated] = sections;
  return [
    ...(first?.heading === 'Unreleased' ? [] : [`CHANGELOG.md: the first heading must be '## Unreleased'`]),
    ...dated
      .filter(({ heading }) => !/^\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}$/.test(heading))
      .map(({ line, heading }) => `CHANGELOG.md:${line}: must be '## X.Y.Z - YYYY-MM-DD', got '## ${heading}'`),
    ...dated
      .filter(({ version = '' }, at) => !isBelow(version, dated[at - 1]?.version))
      .map(
        ({ line, heading }) =>
          `CHANGELOG.md:${line}: '## ${heading}' must be below the version before it, newest first`,
      ),
    ...sections.flatMap(kindProblems),
  ];
}

function kindProblems({ line, text }: Section): readonly string[] {
  const kinds = [...text.matchAll(/^### (.*)$/gm)].map(([, kind = '']) => kind);
  const unknown = kinds.filter((kind) => !KINDS.includes(kind));
  const twice = kinds.filter((kind, at) => kinds.indexOf(kind) !== at);
  const loose = text !== '' && !text.startsWith('### ');
  return [
    ...unknown.map((kind) => `CHANGELOG.md:${line}: '### ${kind}' must be one of ${KINDS.join(', ')}`),
    ...twice.map((kind) => `CHANGELOG.md:${line}: '### ${kind}' stands twice`),
    ...(loose ? [`CHANGELOG.md:${line}: each change must stand under one of ${KINDS.join(', ')}`] : []),
  ];
}

/** By their numbers. Above the first there is nothing. */
function isBelow(version: string, above: string | undefined): boolean {
  if (above === undefined) return true;
  return version.localeCompare(above, 'en', { numeric: true }) < 0;
}
