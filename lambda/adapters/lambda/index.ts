export { brakeCall } from './brake-call';
export { accountConcurrency } from './account-concurrency';
export { lambdaDeployedGuard } from './deployed-guard';
export { guardFunctions } from './guard-functions';
export { lambdaConcurrency } from './provisioned-concurrency';
export { reservedConcurrency } from './reserved-concurrency';
export { switchDeploy } from './switch-deploy';
