import { constants, runInThisContext } from 'node:vm';
import type { parseHTML } from 'linkedom';

type Page = ReturnType<typeof parseHTML>['document'];

/**
 * A page as a browser would read it. Loaded by Node's own loader, outside of a test's sandbox: its files declare names that the sandbox
 * injects.
 */
export async function documentOf(markup: string): Promise<Page> {
  const loading: unknown = runInThisContext("import('linkedom')", {
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const linkedom = (await loading) as { readonly parseHTML: typeof parseHTML };
  return linkedom.parseHTML(markup).document;
}
