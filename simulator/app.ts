import path from 'node:path';

/** In the package that apps install app.packaged.ts stands in this file's place. */
const ROOT = path.resolve(__dirname, '..');

/** What Node is given to run the CDK app. */
export const APP: readonly string[] = ['-r', require.resolve('tsx/cjs'), path.join(ROOT, 'bin/spend-guard-app.ts')];

/** Has the context that the CDK CLI would give it. */
export const CDK_JSON = path.join(ROOT, 'cdk.json');
