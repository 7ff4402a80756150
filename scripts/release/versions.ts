import { changelogProblems, sectionsOf } from './changelog';

/** What says a version, as its file has it. */
export interface Sources {
  readonly manifest: { readonly version: string };
  readonly client: { readonly version: string };
  readonly lock: { readonly version: string; readonly packages: { readonly '': { readonly version: string } } };
  readonly changelog: string;
}

/** `v1.2.3` → `1.2.3` */
export function versionOf(tag: string): string | undefined {
  return /^v((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*))$/.exec(tag)?.[1];
}

/** Everything that speaks against a release of a tag, a line each with its fix. */
export function releaseProblems(tag: string, { manifest, client, lock, changelog }: Sources): readonly string[] {
  const version = versionOf(tag);
  if (version === undefined) return [`the tag must be vX.Y.Z, such as v1.2.3, got '${tag}'`];
  const told = [
    ['package.json', manifest.version],
    ['package-lock.json', lock.version],
    ['package-lock.json', lock.packages[''].version],
    ['client/package.json', client.version],
  ] as const;
  const other = told
    .filter(([, is]) => is !== version)
    .map(
      ([file, is]) => `${file}: version must be ${version}, as the tag has it, got '${is}'; docs/releases.md says how`,
    );
  const [unreleased, newest] = sectionsOf(changelog);
  const of =
    newest?.version === version
      ? []
      : [`CHANGELOG.md: the newest version must be ${version}, got '${newest?.heading ?? 'none'}'`];
  const left =
    (unreleased?.text ?? '') === '' ? [] : [`CHANGELOG.md: Unreleased must be empty; put its lines under ${version}`];
  return [...new Set(other), ...of, ...left, ...changelogProblems(changelog)];
}

/** What the release's page says. @throws Error where the changelog has no such version */
export function notesOf(version: string, changelog: string): string {
  const section = sectionsOf(changelog).find((one) => one.version === version);
  if (section === undefined) throw new Error(`CHANGELOG.md: has no heading '## ${version} - YYYY-MM-DD'`);
  return `${section.text}\n`;
}
