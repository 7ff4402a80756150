import { Stack } from 'aws-cdk-lib';
import { domainOf, type EnvironmentConfig } from '../config';
import type { GuardFunction } from './guard-function';

/** Who gets the daily report by SES, each once. */
export function reportReaders({ owner, budgetOwner }: EnvironmentConfig): readonly string[] {
  return [...new Set([owner, budgetOwner])];
}

/** Lets a function mail from the one address that the config names; nothing where it names none. */
export function grantHtmlMail(guardFunction: GuardFunction, environment: EnvironmentConfig): void {
  const { html } = environment.report;
  if (html === undefined) return;
  const { account, partition, region } = Stack.of(guardFunction);
  const identity = (name: string) => `arn:${partition}:ses:${region}:${account}:identity/${name}`;
  // In the sandbox SES holds the caller to the recipients' identities as well, whether of an address or of its domain
  // (https://github.com/aws/aws-sdk-js/issues/3641, https://github.com/GSA/data.gov/issues/3810, read 2026-11-29): the address that
  // it may mail from is the one all the same.
  const readers = reportReaders(environment).flatMap((address) => [address, domainOf(address)]);
  const identities = [...new Set([html.identity, ...readers])];
  guardFunction.allow(['ses:SendEmail'], identities.map(identity), {
    StringEquals: { 'ses:FromAddress': html.from },
  });
  guardFunction.allowOnAll(
    ['ses:GetSuppressedDestination'],
    'The list of addresses that SES does not send to is one of the account; it says of a reader whether a mail would be lost.',
  );
}
