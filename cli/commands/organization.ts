import { EXIT_CODES } from '../exit-codes';
import { CommandError } from '../errors';
import { organizationFile, type OrganizationOptions, reported, theHub } from '../organization/hub';
import { checkPageFile, writePage } from '../organization/page-file';
import { BRIEF, organizationLines, WHOLE } from '../organization/words';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';

export interface ReportOptions extends OrganizationOptions {
  readonly page?: string | undefined;
  readonly mail?: true | undefined;
}

/** How every account stands now, by what it has told the hub. */
export async function status(options: OrganizationOptions, world: World): Promise<CommandResult> {
  const hub = await theHub(organizationFile(options.organization, world.now()), world);
  const { document } = await reported(hub);
  const { schemaVersion: _, ...data } = document;
  return {
    exitCode: document.attention.length === 0 ? EXIT_CODES.ok : EXIT_CODES.findings,
    data,
    lines: organizationLines(document, BRIEF),
  };
}

/** The daily report, now: every account, on a page and by mail where that is asked for. */
export async function report(
  { page: file, mail: wantsMail, ...options }: ReportOptions,
  world: World,
): Promise<CommandResult> {
  const mail = wantsMail ?? false;
  const read = organizationFile(options.organization, world.now());
  if (file !== undefined) checkPageFile(file);
  const hub = await theHub(read, world);
  const { document, page } = await reported(hub, { mail, page: file !== undefined });
  const done: Line[] = mail ? [{ text: "mailed to the hub's alert topic", tone: 'good' }] : [];
  if (file !== undefined) {
    if (page === undefined) {
      throw new CommandError(
        'ANSWER_INVALID',
        `organization-report answers without a page; deploy the hub again: npx cdk deploy --all --context organization=${read.file}`,
      );
    }
    writePage(file, page);
    done.push({ text: `wrote ${file}`, tone: 'good' });
  }
  const { schemaVersion: _, ...data } = document;
  return {
    exitCode: document.attention.length === 0 ? EXIT_CODES.ok : EXIT_CODES.findings,
    data: { ...data, mailed: mail, ...(file !== undefined && { page: file }) },
    lines: [...organizationLines(document, WHOLE), ...(done.length === 0 ? [] : ['', ...done])],
  };
}
