import type { BrakeHold } from './brake-record';

const ORGANIZATION = 'npx spend-guard organization';

export function approveCommand(account: string, { decision }: Pick<BrakeHold, 'decision'>): string {
  return [ORGANIZATION, 'approve', account, '--decision', decision].join(' ');
}

export function liftCommand(account: string): string {
  return [ORGANIZATION, 'lift', account, '--reason', '"…"'].join(' ');
}

export function statusCommand(): string {
  return `${ORGANIZATION} status`;
}
