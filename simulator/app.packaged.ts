import path from 'node:path';

/** The app of this project, which shows each environment of a config in a stack of its own. */
export const APP: readonly string[] = [path.join(__dirname, 'spend-guard-app.js')];

export const CDK_JSON = path.join(__dirname, 'cdk.json');
