/** What the package is for apps of AWS CDK. */
export { ChannelKind, ChannelTells, type GuardChannel } from './guard-channel';
export { SpendGuard } from './spend-guard';
export { SpendGuardConfig } from './spend-guard-config';
export { BillAction, type GitHubTrust, OnBlind, type SpendGuardProps } from './spend-guard-props';
export { SpendGuardStack, type SpendGuardStackProps } from './spend-guard-stack';
export { Usd, usd } from './usd';
