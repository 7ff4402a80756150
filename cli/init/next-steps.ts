import { stackName } from '../../config';
import type { Line } from '../result';
import type { InitModule } from '../../config';

interface Steps {
  /** As the app's own folder has it. */
  readonly file: string;
  readonly module: InitModule;
  readonly environment: string;
  readonly owner: string;
  readonly hasRoles: boolean;
  /** Packages that the app has not installed. */
  readonly missing: readonly string[];
}

/** What is left to do once the config is there. */
export function nextSteps({ file, module, environment, owner, hasRoles, missing }: Steps): readonly Line[] {
  const names = '{ SpendGuardConfig, SpendGuardStack }';
  const program = [
    module === 'import'
      ? `import ${names} from 'bedrock-spend-guard';`
      : `const ${names} = require('bedrock-spend-guard');`,
    `const config = SpendGuardConfig.fromFile('${file}');`,
    `new SpendGuardStack(app, { config, environmentName: '${environment}' });`,
  ];
  const stack = stackName(environment);
  const steps: readonly (readonly string[])[] = [
    ...(missing.length === 0 ? [] : [[`npm install ${missing.join(' ')}`]]),
    ['add to your CDK app, after its App:', ...program.map((line) => `   ${line}`)],
    ['npx cdk bootstrap, once in each account and Region'],
    [`npx cdk diff ${stack}, then npx cdk deploy ${stack}`],
    [`confirm the subscription that AWS mails to ${owner}`],
    ...(hasRoles ? [] : [['let your application assume InvokerRoleArn of the outputs: a stop reaches whoever does']]),
    ['npx spend-guard doctor, which finds what is wrong on day one'],
  ];
  return [
    'Next:',
    ...steps.flatMap(([first = '', ...more], at) => [`  ${at + 1}. ${first}`, ...more.map((line) => `  ${line}`)]),
  ];
}
