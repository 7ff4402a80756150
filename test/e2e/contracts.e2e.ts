import { startEmulator } from '../../local/emulator';
import { accessKeysContract } from '../contracts/suites/access-keys';
import { accountConcurrencyContract } from '../contracts/suites/account-concurrency';
import { alarmsContract } from '../contracts/suites/alarms';
import { answersContract } from '../contracts/suites/answers';
import { applicationProfilesContract } from '../contracts/suites/application-profiles';
import { attachmentsContract } from '../contracts/suites/attachments';
import { batchJobsContract } from '../contracts/suites/batch-jobs';
import { brakeCallContract } from '../contracts/suites/brake-call';
import { brakePolicyContract } from '../contracts/suites/brake-policy';
import { budgetActionsContract } from '../contracts/suites/budget-actions';
import { budgetsContract } from '../contracts/suites/budgets';
import { callerKeysContract } from '../contracts/suites/caller-keys';
import { callersContract } from '../contracts/suites/callers';
import { chatContract } from '../contracts/suites/chat';
import { concurrencyContract } from '../contracts/suites/concurrency';
import { concurrencyFailuresContract } from '../contracts/suites/concurrency-failures';
import { concurrencyStateContract } from '../contracts/suites/concurrency-state';
import { guardStatusContract } from '../contracts/suites/guard-status';
import { costExplorerContract } from '../contracts/suites/cost-explorer';
import { decisionEventsContract } from '../contracts/suites/decision-events';
import { deliveriesContract } from '../contracts/suites/deliveries';
import { guardFunctionsContract } from '../contracts/suites/guard-functions';
import { statusWriterContract } from '../contracts/suites/guard-status-writer';
import { healthStateContract } from '../contracts/suites/health-state';
import { htmlMailContract } from '../contracts/suites/html-mail';
import { invocationLogContract } from '../contracts/suites/invocation-log';
import { invocationLoggingContract } from '../contracts/suites/invocation-logging';
import { ledgerContract } from '../contracts/suites/ledger';
import { ledgerStoreContract } from '../contracts/suites/ledger-store';
import { listedSeriesContract } from '../contracts/suites/listed-series';
import { logGroupsContract } from '../contracts/suites/log-groups';
import { mailContract } from '../contracts/suites/mail';
import { meterStateContract } from '../contracts/suites/meter-state';
import { modelAccessContract } from '../contracts/suites/model-access';
import { openSessionContract } from '../contracts/suites/open-session';
import { organizationStateContract } from '../contracts/suites/organization-state';
import { pagesContract } from '../contracts/suites/pages';
import { permissionSetRolesContract } from '../contracts/suites/permission-set-roles';
import { policyVersionsContract } from '../contracts/suites/policy-versions';
import { policyRoomContract } from '../contracts/suites/policy-room';
import { quotasContract } from '../contracts/suites/quotas';
import { rateLimitContract } from '../contracts/suites/rate-limit';
import { reportStateContract } from '../contracts/suites/report-state';
import { scalingContract } from '../contracts/suites/scaling';
import { secretsContract, storedSecretsContract } from '../contracts/suites/secrets';
import { sesSetupContract } from '../contracts/suites/ses-setup';
import { sessionsContract } from '../contracts/suites/sessions';
import { sharedBudgetContract } from '../contracts/suites/shared-budget';
import { sharedBudgetsContract } from '../contracts/suites/shared-budgets';
import { spendersStateContract } from '../contracts/suites/spenders-state';
import { standingEventsContract } from '../contracts/suites/standing-events';
import { subscriptionsContract } from '../contracts/suites/subscriptions';
import { switchDeployContract } from '../contracts/suites/switch-deploy';
import { temporaryBudgetsContract } from '../contracts/suites/temporary-budgets';
import { temporaryProfilesContract } from '../contracts/suites/temporary-profiles';
import { temporaryRolesContract } from '../contracts/suites/temporary-roles';
import { toldMarkContract } from '../contracts/suites/told-mark';
import { trafficContract } from '../contracts/suites/traffic';
import { usageMetricsContract } from '../contracts/suites/usage-metrics';
import { Account } from './contracts/account';
import { jobs, profiles } from './contracts/bedrock';
import { budgetActions, budgets, costExplorer } from './contracts/billing';
import { activityAlarms, traffic, usage } from './contracts/cloudwatch';
import {
  accessKeys,
  modelAccess,
  permissionSetRoles,
  policyRoom,
  quotas,
  subscriptions,
} from './contracts/health-services';
import { attachments, policyVersions } from './contracts/iam';
import { accountConcurrencyOf, concurrency, scaling } from './contracts/lambda';
import { groupsOfLogs, loggings, sesSetups } from './contracts/doctor';
import { chats, parameters, storedSecrets, toldChannels } from './contracts/channels';
import {
  answers,
  callers,
  exact,
  keysOfCallers,
  leased,
  ledgerStore,
  rateLimit,
  shared,
  sharedMany,
  status,
} from './contracts/leases-table';
import { invocations } from './contracts/logs';
import { brakePolicies, keptPages } from './contracts/organization';
import { brakeCalls, events, functions, htmlMail, mail, standings, switchOrders } from './contracts/outputs';
import { pagesOfSubscriptions } from './contracts/pages';
import {
  concurrencyRecords,
  failures,
  health,
  meter,
  organizationItems,
  organizationReports,
  reports,
  sessions,
  spenders,
  statusWriter,
  told,
} from './contracts/state-table';
import { listed, openSession, temporaryBudgetsOn, temporaryProfilesOn, temporaryRolesOn } from './contracts/verify';

/** The real adapters on the local AWS, held to the contracts that the fakes are held to. */
const account = new Account();
beforeAll(async () => account.use(await startEmulator({ scheduleSeconds: 3600 })));
afterAll(() => account.aws.stop());

const on = <Subject>(make: (of: Account) => Subject | Promise<Subject>) => account.ground(() => make(account));

attachmentsContract('IAM', on(attachments));
policyVersionsContract('IAM', on(policyVersions));
meterStateContract('DynamoDB', on(meter));
toldMarkContract('DynamoDB', on(told));
statusWriterContract('DynamoDB', on(statusWriter));
guardStatusContract('DynamoDB', on(status));
sessionsContract('DynamoDB', on(sessions));
concurrencyStateContract('DynamoDB', on(concurrencyRecords));
concurrencyFailuresContract('DynamoDB', on(failures));
reportStateContract('DynamoDB', on(reports));
spendersStateContract('DynamoDB', on(spenders));
invocationLogContract('CloudWatch Logs', on(invocations));
invocationLoggingContract('Bedrock', on(loggings));
logGroupsContract('CloudWatch Logs', on(groupsOfLogs));
reportStateContract('DynamoDB, of the organisation', on(organizationReports));
organizationStateContract('DynamoDB', on(organizationItems));
healthStateContract('DynamoDB', on(health));
ledgerStoreContract('DynamoDB', on(ledgerStore));
ledgerContract('exact, DynamoDB', on(exact));
ledgerContract('leases, DynamoDB', on(leased));
rateLimitContract('DynamoDB', on(rateLimit));
answersContract('DynamoDB', on(answers));
callersContract('DynamoDB', on(callers));
callerKeysContract('DynamoDB', on(keysOfCallers));
sharedBudgetContract('DynamoDB', on(shared));
sharedBudgetsContract('DynamoDB', on(sharedMany));
usageMetricsContract('CloudWatch', on(usage));
trafficContract('CloudWatch', on(traffic));
alarmsContract('CloudWatch', on(activityAlarms));
concurrencyContract('Lambda', on(concurrency));
accountConcurrencyContract('Lambda', on(accountConcurrencyOf));
scalingContract('Application Auto Scaling', on(scaling));
budgetsContract('AWS Budgets', on(budgets));
budgetActionsContract('AWS Budgets', on(budgetActions));
costExplorerContract('Cost Explorer', on(costExplorer));
applicationProfilesContract('Bedrock', on(profiles));
batchJobsContract('Bedrock', on(jobs));
mailContract('SNS', on(mail));
htmlMailContract('SES', on(htmlMail));
sesSetupContract('SES', on(sesSetups));
chatContract('SNS', on(chats));
deliveriesContract('DynamoDB', on(toldChannels));
secretsContract('Parameter Store', on(parameters));
secretsContract('Secrets Manager', on(storedSecrets));
storedSecretsContract('Secrets Manager', on(storedSecrets));
decisionEventsContract('EventBridge', on(events));
standingEventsContract('EventBridge', on(standings));
guardFunctionsContract('Lambda', on(functions));
brakeCallContract('Lambda', on(brakeCalls));
brakePolicyContract('AWS Organizations', on(brakePolicies));
pagesContract('S3', on(keptPages));
switchDeployContract('Lambda', on(switchOrders));
quotasContract('Service Quotas', on(quotas));
policyRoomContract('IAM', on(policyRoom));
permissionSetRolesContract('IAM', on(permissionSetRoles));
accessKeysContract('IAM', on(accessKeys));
subscriptionsContract('SNS', on(subscriptions));
modelAccessContract('STS and Bedrock', on(modelAccess));
temporaryProfilesContract('Bedrock', on(temporaryProfilesOn));
temporaryRolesContract('IAM', on(temporaryRolesOn));
temporaryBudgetsContract('AWS Budgets', on(temporaryBudgetsOn));
listedSeriesContract('CloudWatch', on(listed));
openSessionContract('STS and Bedrock', on(openSession));

test('SNS still answers on one page, however long: its adapter’s own tests page', async () => {
  expect(await pagesOfSubscriptions(account)).toBe(1);
});
