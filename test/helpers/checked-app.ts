import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CONTEXT } from './app-context';

/** One whose synthesis throws on whatever cdk-nag finds that is not acknowledged with a reason. */
export function checked(app = new App({ context: CONTEXT })): App {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
