import { App } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { compared } from '../../cli/compared';
import { guardIn, someStack } from '../../helpers/app-guard';

const SERVICE = { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') };

/** An app with two roles, of which the guard holds some. */
function synthesized(hold: readonly ('Reader' | 'Writer')[], props: object = {}): string {
  const app = new App({ analyticsReporting: false });
  const stack = someStack(app);
  const roles = { Reader: new iam.Role(stack, 'Reader', SERVICE), Writer: new iam.Role(stack, 'Writer', SERVICE) };
  const guard = guardIn(stack, props);
  for (const id of hold) guard.hold(roles[id]);
  return app.synth().directory;
}

const both = synthesized(['Reader', 'Writer']);

test('a role of the app that a stop would no longer reach weakens the guard', () => {
  const { data, text } = compared(both, synthesized(['Reader']));
  expect(data.weakened).toBe(true);
  expect(text).toMatch(/switch: HELD_PRINCIPALS\.roles\[.*Writer.*\] .* a stop no longer reaches it/);
});

test('what the guard itself costs, and how late a stop may be, are read of the app', () => {
  const { text } = compared(both, synthesized(['Reader', 'Writer'], { largeModels: ['amazon.nova-pro-v1:0'] }));
  expect(text).not.toContain('the version that synthesized it does not write it');
  expect(text).toMatch(/\d% of the limit/);
});

test('the same app is the same', () => {
  expect(compared(both, synthesized(['Reader', 'Writer'])).exitCode).toBe(EXIT_CODES.ok);
});
