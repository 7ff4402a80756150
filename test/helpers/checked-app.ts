import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdkJson from '../../cdk.json';

/** One whose synthesis throws on whatever cdk-nag finds that is not acknowledged with a reason. */
export function checked(app = new App({ context: cdkJson.context })): App {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
